"""Services of chapters in progress."""
