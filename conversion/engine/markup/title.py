"""The title of a book as writers print it."""

from __future__ import annotations

from ..book.model import Book
from .terms import Terms
from .text import one_line


def title_of(book: Book, terms: Terms) -> str:
    """Return the book's title, never empty."""
    return one_line(book.metadata.title) or terms.untitled
