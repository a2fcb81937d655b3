"""Views of the author dashboard: load, check permission, call one service or selector, respond."""
