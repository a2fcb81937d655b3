"""The pages of a book, counted in its text so that they are the same on all devices and in all sizes of type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any

from conversion.engine.api import text_anchors
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.edition_texts import archive_text
from storefront.catalogue.selectors.web_book_archive import TocLine, WebBook
from storefront.reading.selectors.text_sizes import text_size

PAGE_CHARACTERS = 1024  # of a page in a book without a print edition: about as much as a paperback has

type Place = tuple[int, int]  # a block of the archive, and an offset in it


@lru_cache(maxsize=64)
def pagination_of(file: str) -> dict[str, Any]:
    """Return where the pages of an archive of chapters begin.

    pages   of each page: where it begins. The pages of the print edition if the book has them, else one for each
            1,024 characters
    labels  of the pages of a print edition; null if they are counted from 1
    toc     where each line of the table of contents leads, in the order of reading it
    """
    book, blocks = web_book_archive.web_book(file), archive_text(file).blocks
    firsts = list(accumulate(text_size(book).blocks, initial=0))
    lines = list(_flat(book.toc))
    places = _places(book, firsts, [line.href for line in lines] + [href for _, href in book.print_pages])
    marks = sorted((places[href], label) for label, href in book.print_pages if href in places)
    return {
        "pages": [place for place, _ in marks] or _counted_pages([len(block.text) for block in blocks]),
        "labels": [label for _, label in marks] or None,
        "toc": [places.get(line.href) for line in lines],
    }


def _counted_pages(lengths: list[int]) -> list[Place]:
    pages: list[Place] = [(0, 0)]
    start = 0
    for block, length in enumerate(lengths):
        while start + length > len(pages) * PAGE_CHARACTERS:
            pages.append((block, len(pages) * PAGE_CHARACTERS - start))
        start += length
    return pages


def _flat(lines: tuple[TocLine, ...]) -> Iterator[TocLine]:
    for line in lines:
        yield line
        yield from _flat(line.children)


def _places(book: WebBook, firsts: list[int], hrefs: list[str]) -> dict[str, Place]:
    """Return the place of each link into a chapter of the book."""
    wanted: dict[str, set[str]] = {}
    for href in hrefs:
        path, _, fragment = href.partition("#")
        wanted.setdefault(path, set()).add(fragment)
    found: dict[str, Place] = {}
    for first, chapter in zip(firsts, book.chapters, strict=False):
        fragments = wanted.get(chapter.href, set())
        found[chapter.href] = (first, 0)
        if ids := fragments - {""}:
            inside = text_anchors.places_of(web_book_archive.chapter_file(book, chapter.id), sorted(ids))
            found |= {f"{chapter.href}#{name}": (first + block, offset) for name, (block, offset) in inside.items()} | {
                f"{chapter.href}#{name}": (first, 0) for name in ids - set(inside)
            }
    return found
