"""Newsletters: authors write to the readers who asked for it, and never learn who these are."""
