"""The page list of our own print edition: where each page of a finished PDF begins in the Book.

The beginning of each page's text, whichever engine laid it out, is searched in the Book from where the previous page
was found. So a mark stands directly before the first word of its page, and a page that cannot be found gets none.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Protocol

from ..book.inlines import WRAPPERS
from ..book.model import Book, CodeSpan, Heading, Inline, Link, PageMark, Paragraph, Ruby, Text
from ..book.walk import walk

_NO_LETTER = re.compile(r"[\W_]+")
_WORD = re.compile(r"\S+")
_NEEDLES = (48, 24, 14)  # leading letters of a page to search for, the most reliable number first
_SLACK = 2500  # letters: notes are elsewhere on the page than in the Book
FOUND_SHARE = 0.9  # share of the pages with text, below which the list is useless


class Page(Protocol):
    """A printed page: the number printed on it, the beginning of its text, and the full length of its text."""

    @property
    def label(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def length(self) -> int: ...


def mark(book: Book, pages: Sequence[Page]) -> int:
    """Add a PageMark to the Book where each page begins and return how many were added. If too few are found for a
    reliable list, leave the Book unchanged and return 0."""
    runs = list(_runs(book))
    letters = [letters_of(_plain(run)) for run in runs]
    starts = [0, *accumulate(map(len, letters))]
    found = list(_found(pages, "".join(letters)))
    readable = sum(bool(letters_of(page.text)) for page in pages)
    if not found or len(found) < FOUND_SHARE * (readable - _leading(pages, found)):
        return 0
    for page, offset in reversed(found):
        run = bisect_right(starts, offset) - 1
        _insert(runs[run], offset - starts[run], PageMark(page.label))
    return len(found)


def _leading(pages: Sequence[Page], found: list[tuple[Page, int]]) -> int:
    """Return how many pages with text precede the first page found: title and contents are not part of the Book."""
    first = pages.index(found[0][0])
    return sum(bool(letters_of(page.text)) for page in pages[:first])


def letters_of(text: str) -> str:
    """Return the letters and digits of a text in lower case, which stay the same however a line is set."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NO_LETTER.sub("", text.casefold())


def _found(pages: Sequence[Page], text: str) -> Iterator[tuple[Page, int]]:
    at, gone = 0, 0  # the last place found, and the number of letters printed since
    for page in pages:
        letters = letters_of(page.text)
        place = _place(letters, text, at, at + gone + _SLACK)
        if place >= 0:
            yield page, place
            at, gone = place + 1, 0
        if place >= 0 or at:
            gone += max(page.length, len(letters))


def _place(letters: str, text: str, start: int, end: int) -> int:
    for length in _NEEDLES:
        if len(letters) >= length or length == _NEEDLES[-1]:
            place = text.find(letters[:length], start, end + length) if letters else -1
            if place >= 0:
                return place
    return -1


# ---------------------------------------------------------------- the Book as a row of letters


def _runs(book: Book) -> Iterator[list[Inline]]:
    """Yield every list of inline elements of the running text, in order, without notes."""
    for chapter in book.chapters:
        for node in walk(chapter.blocks):
            if isinstance(node, Heading | Paragraph) and node.inlines:
                yield node.inlines


def _plain(inlines: Sequence[Inline]) -> str:
    parts = []
    for node in walk(inlines):
        if isinstance(node, Text | CodeSpan):
            parts.append(node.text)
        elif isinstance(node, Ruby):
            parts.extend(base for base, _ in node.pairs)
    return "".join(parts)


def _insert(inlines: list[Inline], offset: int, page: PageMark) -> None:
    """Insert the mark before the word with the letter at `offset`; before the link, ruby or code that contains it."""
    passed = 0
    for number, node in enumerate(inlines):
        count = len(letters_of(_plain([node])))
        if passed + count <= offset:
            passed += count
            continue
        if isinstance(node, Text):
            head, tail = _parted(node.text, offset - passed)
            inlines[number : number + 1] = [*([Text(head)] if head else []), page, Text(tail)]
        elif isinstance(node, WRAPPERS) and not isinstance(node, Link):
            _insert(node.children, offset - passed, page)
        else:
            inlines.insert(number, page)
        return
    inlines.append(page)


def _parted(text: str, letters: int) -> tuple[str, str]:
    """Split the text before the word that contains its letter number `letters`."""
    passed = 0
    for word in _WORD.finditer(text):
        passed += len(letters_of(word[0]))
        if passed > letters:
            return text[: word.start()], text[word.start() :]
    return text, ""
