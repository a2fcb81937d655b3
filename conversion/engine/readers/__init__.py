"""One reader per source format; `read_source` is their only door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..book import Reading
from ..errors import AuthorFixable
from ..gate import Manuscript, SourceFormat, admit
from ..words import blocks_text
from . import cbz, docx, epub, html, markdown, odt, text


def _read_pdf(manuscript: Manuscript) -> Reading:
    from . import pdf_source  # slow to load, and most manuscripts are no PDF

    return pdf_source.read(manuscript)


_READERS: dict[SourceFormat, Callable[[Manuscript], Reading]] = {
    SourceFormat.DOCX: docx.read,
    SourceFormat.HTML: html.read,
    SourceFormat.EPUB: epub.read,
    SourceFormat.MARKDOWN: markdown.read,
    SourceFormat.ODT: odt.read,
    SourceFormat.TXT: text.read,
    SourceFormat.PDF: _read_pdf,
    SourceFormat.CBZ: cbz.read,
}


def read_source(path: Path, name: str) -> tuple[SourceFormat, Reading]:
    """Pass the file at `path` through the gate and read it; `name` is the uploaded file's name.

    Raises AuthorFixable with a `source.…` code when it cannot become a book.
    """
    with admit(path, name) as manuscript:
        reader = _READERS.get(manuscript.format)
        if reader is None:
            raise AuthorFixable("source.type-unsupported", kind=manuscript.format.value, extension="")
        reading = reader(manuscript)
    if not reading.book.assets and not any(blocks_text(chapter.blocks).strip() for chapter in reading.book.chapters):
        raise AuthorFixable("source.no-text")
    return manuscript.format, reading
