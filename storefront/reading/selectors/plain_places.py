"""Where somebody stopped, as a block of the plain pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from accounts.models import User
from common.money import BPS
from conversion.engine.api import edition_text
from storefront.catalogue.selectors import block_numbers, web_book_archive
from storefront.catalogue.selectors.chapters import block_texts
from storefront.catalogue.selectors.edition_texts import BookText, book_text
from storefront.catalogue.selectors.web_book_archive import WebBook
from storefront.reading.selectors import books
from storefront.reading.selectors.books import Reading
from storefront.reading.selectors.chapter_places import Place

_MIN_WORDS = 40  # characters that have to be the same for a block to be found by its words


@dataclass(frozen=True, slots=True)
class LastPlace:
    """`block` is None if only the chapter is known."""

    chapter_id: str
    chapter_title: str
    block: int | None
    share_bps: int


@dataclass(frozen=True, slots=True)
class PlainPlace:
    """A place that a plain page can save: the beginning of a block."""

    chapter_id: str
    block: int
    within_bps: int  # of the chapter
    share_bps: int
    words: str


def last_place(reader: User, reading: Reading) -> LastPlace | None:
    """Return where the reader stopped, in the edition that is read now."""
    position = books.position_of(reader, reading.work)
    if position is None:
        return None
    place = books.place_of(position, reading)
    index = reading.book.index_of(place.chapter_id)
    if index is None:
        return None
    is_here = position.edition_id == reading.edition.pk
    block = position.block if is_here and position.block is not None else _block_at(reading.book, index, place)
    return LastPlace(place.chapter_id, reading.book.chapters[index].title, block, position.share_bps)


def place_at(reading: Reading, block: int) -> PlainPlace | None:
    """Return the beginning of a block as a place; None if there is no such block."""
    index = block_numbers.chapter_with(reading.book, block)
    if index is None:
        return None
    text = book_text(reading.book.file)
    numbers = [
        number for number in block_numbers.numbers_of(reading.book, index, is_sample=False) if number is not None
    ]
    within_bps = _share_of(text, numbers, block)
    chapter_id = reading.book.chapters[index].id
    return PlainPlace(chapter_id, block, within_bps, text.share_bps(block, 0), text.words_at(block, 0))


def _share_of(text: BookText, numbers: list[int], block: int) -> int:
    lengths = [len(text.blocks[number]) for number in numbers]
    before = sum(length for number, length in zip(numbers, lengths, strict=True) if number < block)
    return BPS * before // max(sum(lengths), 1)


def _block_at(book: WebBook, index: int, place: Place) -> int | None:
    """Return the block in which the words of the place begin, or the one as far into the chapter."""
    numbers = block_numbers.numbers_of(book, index, is_sample=False)
    texts = block_texts(web_book_archive.chapter_file(book, place.chapter_id))
    joined = " ".join(texts)
    wanted = len(joined) * place.within_bps // BPS
    words = edition_text.normalised(place.words)
    found = _starts(joined, words) or _starts(joined, words[:_MIN_WORDS])
    wanted = min(found, key=lambda start: abs(start - wanted), default=wanted)
    for number, text in zip(numbers, texts, strict=False):
        if wanted <= len(text) and number is not None:
            return number
        wanted -= len(text) + 1
    return next((number for number in reversed(numbers) if number is not None), None)


def _starts(text: str, words: str) -> list[int]:
    return [one.start() for one in re.finditer(re.escape(words), text)] if words else []
