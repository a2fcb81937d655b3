"""Places as the list of chapters and the plain pages show them: how far into which chapter, and the words there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from common.money import BPS
from storefront.catalogue.selectors.edition_texts import BookText, book_text
from storefront.catalogue.selectors.web_book_archive import WebBook, pages_of


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a chapter: how far into it, and the words there; "" if only the share is known."""

    chapter_id: str
    within_bps: int
    words: str


def in_chapter(book: WebBook, block: int, offset: int, *, words: str = "") -> Place | None:
    """Return the chapter of a place in the edition of this book, with its words, or those given; None if it has no such
    block."""
    text = book_text(book.file)
    if not text.has(block, 0):
        return None
    chapter_id = _chapter_id(book, text.parts[block])
    first, last = _blocks_of(book, text, chapter_id)
    whole = sum(map(len, text.blocks[first:last]))
    before = sum(map(len, text.blocks[first:block])) + offset
    return Place(chapter_id, min(BPS * before // max(whole, 1), BPS), words or text.words_at(block, offset))


def _blocks_of(book: WebBook, text: BookText, chapter_id: str) -> tuple[int, int]:
    """Return the first block of a chapter, and the first one after it."""
    if book.is_pages:
        parts = [part for part, page in enumerate(pages_of(book)) if page.get("chapter") == chapter_id]
    else:
        parts = [index] if (index := book.index_of(chapter_id)) is not None else []
    if not parts:
        return 0, 0
    return bisect_left(text.parts, parts[0]), bisect_right(text.parts, parts[-1])


def _chapter_id(book: WebBook, part: int) -> str:
    """Return the chapter of a part of the text: a chapter file, or a page."""
    chapter_id = pages_of(book)[part].get("chapter", "") if book.is_pages else book.chapters[part].id
    return str(chapter_id)
