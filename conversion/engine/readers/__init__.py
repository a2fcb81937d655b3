"""One reader per source format; `read_source` is their only door."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from ..book.model import ReaderResult
from ..book.words import blocks_text
from ..errors import AuthorFixable
from ..findings.model import Finding, Severity
from ..findings.registry import severity
from ..gate import controls
from ..gate.admission import Manuscript, SourceFormat, admit

# The module of each format. They are loaded when they are needed: together that takes longer than reading a novel.
_READERS = {
    SourceFormat.DOCX: "docx",
    SourceFormat.HTML: "html",
    SourceFormat.EPUB: "epub",
    SourceFormat.MARKDOWN: "markdown",
    SourceFormat.MARKDOWN_ZIP: "markdown_zip",
    SourceFormat.ODT: "odt",
    SourceFormat.RTF: "rtf",
    SourceFormat.TXT: "text",
    SourceFormat.PDF: "pdf",
    SourceFormat.CBZ: "cbz",
    SourceFormat.OWN: "own",
}
DESIGNED = frozenset({SourceFormat.HTML, SourceFormat.EPUB})  # whose authors may keep their own design


def load(*formats: SourceFormat) -> None:
    """Load readers ahead of time; without arguments all of them."""
    for each in formats or tuple(_READERS):
        _reader(each)


def _reader(each: SourceFormat) -> Callable[[Manuscript], ReaderResult]:
    read: Callable[[Manuscript], ReaderResult] = import_module(f"{__name__}.{_READERS[each]}").read
    return read


def read_source(path: Path, name: str, *, keep_design: bool = False) -> tuple[SourceFormat, ReaderResult]:
    """Pass the file at `path` through the gate and read it; `name` is the uploaded file's name. `keep_design` asks for
    `Book.kept`, which EPUB and HTML can have.

    Raises AuthorFixable with a `source.…` code when it cannot become a book.
    """
    with controls.counted() as dropped, admit(path, name) as manuscript:
        manuscript.keep_design = keep_design
        reading = _reader(manuscript.format)(manuscript)
    if dropped:
        code = "source.controls-dropped"
        reading.findings.append(Finding(code, severity(code), facts={"count": sum(dropped)}))
    if keep_design and manuscript.format not in DESIGNED:
        reading.findings.append(Finding("design.not-here", Severity.INFO))
    # What is written here may be empty still.
    is_written = manuscript.format is SourceFormat.OWN or bool(reading.book.assets)
    if not is_written and not any(blocks_text(chapter.blocks).strip() for chapter in reading.book.chapters):
        raise AuthorFixable("source.no-text")
    return manuscript.format, reading
