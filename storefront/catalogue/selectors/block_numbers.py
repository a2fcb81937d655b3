"""The numbers that the blocks of a web book's chapters have in their edition, which places and notes count in
(docs/reading.md)."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from functools import lru_cache

from common import storage
from conversion.engine.api import edition_text
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.chapters import block_texts
from storefront.catalogue.selectors.web_book_archive import WebBook

type Numbers = Sequence[int | None]


def numbers_of(book: WebBook, index: int, *, is_sample: bool) -> Numbers:
    """Return the numbers of a chapter's blocks; None for a block whose place in the edition is not known."""
    if book.is_pages:
        return _of_pages(book.file)[index] if not is_sample else ()
    parts = _of_sample(book.file) if is_sample else _of_whole(book.file)
    return parts[index] if index < len(parts) else ()


def chapter_with(book: WebBook, number: int) -> int | None:
    """Return the index of the chapter of a whole book that has this block, or None."""
    return next((i for i in range(len(book.chapters)) if number in numbers_of(book, i, is_sample=False)), None)


@lru_cache(maxsize=64)
def _of_whole(file: str) -> tuple[Numbers, ...]:
    """Return ranges: an edition's blocks are counted through its chapters."""
    counts: list[int] = []
    for block in _text(file).blocks:
        counts += [0] * (block.part + 1 - len(counts))
        counts[block.part] += 1
    ranges, start = [], 0
    for count in counts:
        ranges.append(range(start, start + count))
        start += count
    return tuple(ranges)


@lru_cache(maxsize=64)
def _of_sample(file: str) -> tuple[Numbers, ...]:
    text = _text(file)
    there = {run.here + k: run.there + k for run in text.sample_runs for k in range(run.length)}
    return tuple([there.get(block) for block in blocks if block is not None] for blocks in _of_whole(file))


@lru_cache(maxsize=16)
def _of_pages(file: str) -> tuple[Numbers, ...]:
    """Find the blocks of a book of pages in its chapters, in order: pages are cut in another way than chapters."""
    book = web_book_archive.web_book(file)
    texts = [block.text for block in _text(file).blocks]
    found: list[Numbers] = []
    after = 0
    for chapter in book.chapters:
        numbers: list[int | None] = []
        for text in block_texts(web_book_archive.chapter_file(book, chapter.id)):
            number = next((i for i in range(after, len(texts)) if texts[i] == text), None)
            numbers.append(number)
            after = after if number is None else number + 1
        found.append(numbers)
    return tuple(found)


def _text(file: str) -> edition_text.EditionText:
    with storage.private().open(file, "rb") as opened, zipfile.ZipFile(opened) as archive:
        return edition_text.text_of_archive(archive)
