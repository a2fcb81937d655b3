"""Titles and names on one line and of bounded length, and the byline."""

from __future__ import annotations

import unicodedata

from .model import Book, Metadata


def author_line(book: Book) -> str:
    """Return the byline for a cover: "Ann Lee", "Ann Lee and Bo Ek", "Ann Lee and others"."""
    authors = [person.name for person in book.metadata.contributors if person.role == "aut"]
    if len(authors) == 2:
        return " & ".join(authors)
    return ", ".join(authors[:3])


def empty_book() -> Book:
    """Return an empty Book, for the time before anything was read."""
    return Book(Metadata(), [])


def one_line(text: str) -> str:
    """Return the text on one line, without control, format and bidirectional override characters.

    Joiners that scripts and emoji need (U+200C, U+200D) stay.
    """
    kept = (c if c in "\u200c\u200d" or unicodedata.category(c) not in _UNWANTED else " " for c in text)
    return " ".join("".join(kept).split())


_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters, cut between words where possible, with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"
