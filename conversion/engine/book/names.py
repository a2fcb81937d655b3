"""Titles and names on one line and of bounded length, and the line that names the authors."""

from __future__ import annotations

import unicodedata

from .model import Book, Metadata


def author_line(book: Book) -> str:
    """Who wrote it, for a cover: "Ann Lee", "Ann Lee and Bo Ek", "Ann Lee and others"."""
    authors = [person.name for person in book.metadata.contributors if person.role == "aut"]
    if len(authors) == 2:
        return " & ".join(authors)
    return ", ".join(authors[:3])


def no_book() -> Book:
    """A Book before anything is read."""
    return Book(Metadata(), [])


def one_line(text: str) -> str:
    """Without control, format and bidirectional override characters, on one line.

    Joiners that scripts and emoji need (U+200C, U+200D) stay.
    """
    kept = (c if c in "\u200c\u200d" or unicodedata.category(c) not in _UNWANTED else " " for c in text)
    return " ".join("".join(kept).split())


_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words where it can be, with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"
