"""Finds books, authors and series by words."""
