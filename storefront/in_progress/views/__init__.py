"""Pages of chapters in progress."""
