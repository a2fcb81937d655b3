"""Places as the list of chapters and the plain pages show them: how far into which chapter, and the words there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from common.money import BPS
from storefront.catalogue.selectors.edition_texts import BookText, book_text
from storefront.catalogue.selectors.web_book_archive import WebBook, pages_of
from storefront.reading.models import LastPlace
from storefront.reading.selectors.relocate import Place


def in_chapter(book: WebBook, position: LastPlace) -> Place | None:
    """Return the chapter of a place in the edition of this book; None if its block is not known."""
    if position.block is None:
        return None
    text = book_text(book.file)
    if not text.has(position.block, 0):
        return None
    chapter_id = _chapter_id(book, text.parts[position.block])
    first, last = _blocks_of(book, text, chapter_id)
    whole = sum(map(len, text.blocks[first:last]))
    before = sum(map(len, text.blocks[first : position.block])) + position.offset
    words = position.words or text.words_at(position.block, position.offset)
    return Place(chapter_id, min(BPS * before // max(whole, 1), BPS), words)


def block_at(book: WebBook, chapter_id: str, within_bps: int) -> tuple[int, int] | None:
    """Return the block and the offset that far into a chapter; None if it has no text."""
    text = book_text(book.file)
    first, last = _blocks_of(book, text, chapter_id)
    left = -(-sum(map(len, text.blocks[first:last])) * within_bps // BPS)
    for block in range(first, last):
        if left <= len(text.blocks[block]):
            return block, left
        left -= len(text.blocks[block])
    return None


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
