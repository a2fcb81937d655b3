"""Pages of the desk: load, ask permission, call one service or selector, answer."""
