"""Which of a person's books a file is by its name, as stores and programs name files."""

from __future__ import annotations

import re

from accounts.models import User
from publishing.models import Work
from storefront.library.selectors import library as library_selectors
from storefront.library.selectors.library import OwnedBook

_SUFFIX = re.compile(r"(?:\.kepub)?\.(?:epub|pdf|mobi|azw3|fb2|txt)$", re.I)
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W_]+")


def book_named(user: User, file_name: str) -> Work | None:
    """Return the one book in the person's library whose title, with or without its authors, is the file's name."""
    words = _words(_REMARK.sub(" ", _SUFFIX.sub("", file_name)))
    if not words:
        return None
    books = [*library_selectors.library_of(user), *library_selectors.advance_copies_of(user)]
    fitting = {book.work_id for book in books if words in _names(book)}
    return Work.with_personal.get(public_id=fitting.pop()) if len(fitting) == 1 else None


def _names(book: OwnedBook) -> list[list[str]]:
    title, author = _words(book.title), _words(book.byline)
    return [title, author + title, title + author, _words(book.slug)] if title else []


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
