"""The opening of the body set in every design, as pictures: what an author chooses a design from.

    index.json               the chapter's title; for each design and target the pictures of a pair of pages
    classic/print-1.png      a page

It is a run of its own, asked for where designs are chosen: setting some 600 words in one design for two targets takes
about 0.6 s of CPU with WeasyPrint, which every run would pay and few authors look at.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import sample
from ..book import AnyBlock, Book, Chapter
from ..contract import ArtifactKind, Stage
from ..designs import DESIGNS, Design
from ..fixed_archive import FixedArchive
from ..markup.walk import count_words, plain, word_count
from ..pdf import write_pdfs
from ..run import Run
from ..targets import TARGETS, Target
from . import archive
from .pdfium import PdfiumPages

_WORDS = 600
_PAGE_WORDS = 200
_PAGES = 2
_WIDTH_PX = 480


def make_preview(run: Run) -> None:
    """One archive with the opening in each design, for each of the request's targets."""
    if run.book.is_fixed:
        return  # its pages are its author's own design
    targets = [TARGETS[name] for name in run.request.targets]
    book, jobs = opening_of(run.book), run.request.jobs

    def write(path: Path) -> None:
        with FixedArchive(path) as out, tempfile.TemporaryDirectory(dir=run.request.out) as folder:
            made = [_design(out, book, design, targets, Path(folder), jobs=jobs) for design in DESIGNS.values()]
            chapter = book.chapters[0].title if book.chapters else ""
            out.write("index.json", json.dumps({"format": 1, "chapter": chapter, "designs": made}, ensure_ascii=False))

    run.file(Stage.PDF, ArtifactKind.PREVIEW, "preview.zip", "application/zip", write)


def opening_of(book: Book) -> Book:
    """The first words of the first chapter of the body that fills a page, as a book of their own without cover and
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


def _design(
    out: FixedArchive, book: Book, design: Design, targets: Sequence[Target], folder: Path, *, jobs: int
) -> dict[str, Any]:
    """Set and draw one design; what the index says of it."""
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
