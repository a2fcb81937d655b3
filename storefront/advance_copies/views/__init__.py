"""Pages of advance copies."""
