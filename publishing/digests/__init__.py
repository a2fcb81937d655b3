"""Emails about what others suggest and say about a text: one an hour at most for each person and work."""
