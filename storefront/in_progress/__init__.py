"""Chapters in progress: what an author shows everybody of a book that is not on sale yet."""
