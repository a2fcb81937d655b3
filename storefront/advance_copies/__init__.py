"""Advance copies: readers whom an author chooses read a book before it is on sale, up to a day."""
