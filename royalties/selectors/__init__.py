"""The readers of this app."""
