"""The opening of the body laid out in every design, as pictures: what an author chooses a design from.

    index.json               the chapter's title; for each design and target the pictures of a pair of pages
    classic/print-1.png      a page

It is a run of its own, requested where designs are chosen: laying out some 600 words in one design for two targets
takes about 0.6 s of CPU with WeasyPrint, which every run would pay and few authors look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..book import sample
from ..book.model import AnyBlock, Book, Chapter
from ..book.walk import count_words, plain, word_count
from ..pdf import write_pdfs
from ..support.reproducible_zip import FixedArchive
from ..targets import Target
from ..typography.designs import Design
from . import archive
from .pdfium import PdfiumPages

_WORDS = 600
_PAGE_WORDS = 200
_PAGES = 2
_WIDTH_PX = 480


def opening_of(book: Book) -> Book:
    """Return the first words of the body's first chapter that fills a page, as a book of their own without cover and
    contents."""
    body = [*book.body()] or book.chapters
    chapter = next((one for one in body if word_count(one) >= _PAGE_WORDS), body[0] if body else None)
    chapters: list[Chapter] = [] if chapter is None else [replace(chapter, blocks=_first_blocks(chapter))]
    return replace(sample.closed(book, chapters), toc=[], cover="")


def _first_blocks(chapter: Chapter) -> list[AnyBlock]:
    words, kept = 0, []
    for block in chapter.blocks:
        kept.append(block)
        words += count_words(plain([block]))
        if words >= _WORDS:
            break
    return kept


def write_design(
    out: FixedArchive, book: Book, design: Design, targets: Sequence[Target], folder: Path, *, jobs: int
) -> dict[str, Any]:
    """Lay out and draw one design; return its entry in the index."""
    pages: dict[str, list[dict[str, Any]]] = {}
    for target, path, _ in write_pdfs(book, targets, folder, jobs=jobs, cover=None, design=design):
        pages[target.name] = _draw(out, path, f"{design.name}/{target.name}")
        path.unlink()
    return {"name": design.name, "pages": {target.name: pages[target.name] for target in targets}}


def _draw(out: FixedArchive, pdf: Path, name: str) -> list[dict[str, Any]]:
    drawn = []
    with PdfiumPages(pdf) as source:
        openings = source.openings()
        first = openings[0].index if openings else 0
        for number, index in enumerate(range(first, min(first + _PAGES, len(source))), 1):
            picture = source.draw(index, _WIDTH_PX, in_colour=True)
            extension, data = archive.encode(picture)
            file = f"{name}-{number}.{extension}"
            out.write(file, data)
            drawn.append({"file": file, "width": picture.width, "height": picture.height})
    return drawn
