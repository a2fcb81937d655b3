"""A Book for the web reader: one archive of safe XHTML chapters, pictures and a manifest.

    book.json               what the reader must know before it opens a chapter
    chapters/<id>.xhtml     one chapter, or a part of one that is too long; notes are asides at its end
    assets/<sha256>.<ext>   pictures
    style.css               the style of every chapter
    text.json               the canonical text in blocks: see `../edition_text.py`
    pages.json, pages/      of a book of pages: see `pages.py`

No script, no style attribute and no URL of another host, except links that a reader follows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .. import ASSETS
from ..book.model import Book
from ..book.walk import count_words, plain
from ..edition_text import FILE as TEXT_FILE
from ..edition_text import EditionText
from ..markup.contents import TocLink, toc_links
from ..markup.survey import Piece, Survey, survey
from ..markup.terms import terms_for
from ..markup.text import language_tag, one_line
from ..markup.xhtml import XhtmlMarkup, asset_names
from ..support.reproducible_zip import FixedArchive
from . import text

# Version of the public fields of `book.json`; readers must check it before they read on.
_FORMAT = 1


def write_web(
    book: Book, out: Path, *, sample_of: Book | None = None, numbers: Mapping[int, int] | None = None
) -> None:
    """Write the archive to `out`; `sample_of` is the edition that the book is a sample of, `numbers` are those of its
    blocks in a base. Equal books give equal bytes."""
    surveyed = survey(book, piece_characters=text.PIECE_CHARACTERS)
    names = asset_names(surveyed)
    markup = XhtmlMarkup(surveyed, assets="../assets/", asset_names=names, style="../style.css")
    markup.numbers = numbers or {}
    with FixedArchive(out) as archive:
        archive.write("book.json", json.dumps(_manifest(surveyed), ensure_ascii=False, indent=1, sort_keys=True))
        pages = [markup.page(index) for index in range(len(surveyed.pieces))]
        for index, page in enumerate(pages):
            archive.write(_href(surveyed, index), page)
        for key, name in sorted(names.items()):
            archive.write(f"assets/{name}", book.assets[key].data)
        if book.is_fixed:
            from .pages import write_pages

            write_pages(archive, book, names)
        archive.write("style.css", (ASSETS / "epub.css").read_bytes())
        archive.write(TEXT_FILE, _text(surveyed, pages, sample_of).to_json())


def _text(surveyed: Survey, pages: list[str], sample_of: Book | None) -> EditionText:
    if surveyed.book.is_fixed:
        parts = list(text.page_parts(surveyed.book))
    else:
        parts = list(text.chapter_parts((piece.chapter for piece in surveyed.pieces), pages))
    return text.edition_text(parts) if sample_of is None else text.sample_text(parts, text.parts_of(sample_of))


def _href(surveyed: Survey, index: int) -> str:
    return f"chapters/{surveyed.pieces[index].id}.xhtml"


def _manifest(surveyed: Survey) -> dict[str, Any]:
    metadata = surveyed.book.metadata
    terms = terms_for(metadata.language)
    links = toc_links(surveyed, lambda index: _href(surveyed, index), terms)
    return {
        "format": _FORMAT,
        "kind": "pages" if surveyed.book.is_fixed else "chapters",
        "title": one_line(metadata.title) or terms.untitled,
        "subtitle": one_line(metadata.subtitle),
        "contributors": [
            {"name": one_line(person.name), "role": person.role} for person in metadata.contributors if person.name
        ],
        "language": language_tag(metadata.language),
        "direction": "rtl" if surveyed.book.direction == "rtl" else "ltr",
        "vertical": surveyed.book.vertical,
        "toc": [_toc_entry(link) for link in links] if surveyed.pieces else [],
        "chapters": [_chapter(surveyed, index, piece) for index, piece in enumerate(surveyed.pieces)],
        "pages": [
            {"label": mark.label, "href": f"{_href(surveyed, mark.piece)}#{mark.fragment}"} for mark in surveyed.marks
        ],
    }


def _toc_entry(link: TocLink) -> dict[str, Any]:
    return {"title": link.title, "href": link.path, "children": [_toc_entry(child) for child in link.children]}


def _chapter(surveyed: Survey, index: int, piece: Piece) -> dict[str, Any]:
    running = plain(piece.blocks)
    return {
        "id": piece.id,
        "title": piece.title,
        "href": _href(surveyed, index),
        "division": piece.chapter.division.value,
        "role": piece.chapter.role,
        "made": piece.chapter.is_made,
        "words": count_words(running),
        "characters": len(running),
    }
