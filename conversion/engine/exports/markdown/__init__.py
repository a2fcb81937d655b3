"""Export a Book as Markdown with front matter, in a zip file with its pictures, so that authors can take everything
along.

The Markdown is the dialect that our own reader reads: CommonMark with pandoc's notes, definition lists, line blocks and
attributes. What Markdown has no syntax for (underlining, ruby, formulas, tables with spans) is written as HTML. Read
again, it gives the same words in the same order.
"""

from __future__ import annotations

import json
from pathlib import Path

from ...book.model import Book
from ...markup.survey import MEDIA_TYPES
from ...support.reproducible_zip import FixedArchive
from .blocks import MarkdownBook

FILE_NAME = "book.md"


def write_markdown(book: Book, out: Path) -> None:
    """Write the zip file: `book.md`, and the pictures it shows in `images/`."""
    names = {
        key: f"images/{key[:20]}.{MEDIA_TYPES[asset.media_type]}"
        for key, asset in sorted(book.assets.items())
        if asset.media_type in MEDIA_TYPES
    }
    with FixedArchive(out) as archive:
        archive.write(FILE_NAME, markdown(book, names))
        for key, name in names.items():
            archive.write(name, book.assets[key].data)


def markdown(book: Book, pictures: dict[str, str]) -> str:
    """Return the whole book as Markdown; `pictures` are the paths of assets by key."""
    return f"{_front_matter(book)}\n{MarkdownBook(book, pictures).whole()}"


def _front_matter(book: Book) -> str:
    """Return the front matter: YAML whose values are written as JSON, which is valid YAML and unambiguous."""
    about = book.metadata
    values: dict[str, str | list[str]] = {
        "title": about.title,
        "subtitle": about.subtitle,
        "author": [person.name for person in about.contributors if person.role == "aut"],
        "lang": about.language,
        "description": about.description,
        "publisher": about.publisher,
        "rights": about.rights,
        "date": about.published,
        "identifier": about.identifier,
        "keywords": about.subjects,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value]
    return "\n".join(["---", *lines, "---", ""])
