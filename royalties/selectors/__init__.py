"""The read queries of this app."""
