"""The steps for export formats: variants of the EPUB, plain text, Markdown, DOCX, our own files.

Each function is a step of `pipeline.py`. Modules that only one of them needs are loaded there.
"""

from __future__ import annotations

from pathlib import Path

from ..book.model import PageMark
from ..contract import ArtifactKind, Stage
from ..epub import KEPUB, KINDLE
from ..findings.model import Finding, Severity
from ..gate.admission import SourceFormat
from ..matter import without_made
from ..targets import TARGETS, Target
from . import outputs
from .run import Run

KEPUB_FILE = "book.kepub.epub"
KINDLE_FILE = "book-kindle.epub"
TEXT_FILE = "book.txt"
DOCX_FILE = "book.docx"
BOOK_FILE = "book.octavo-book.json"
MARKDOWN_FILE = "book-markdown.zip"


def make_kepub(run: Run) -> None:
    """Write the EPUB for Kobo's own reading systems."""
    writer = outputs.epub_writer(run, run.book, shape=KEPUB)
    run.file(Stage.EPUB, ArtifactKind.KEPUB, KEPUB_FILE, outputs.EPUB_TYPE, writer)


def make_kindle(run: Run) -> None:
    """Write the EPUB for Send to Kindle, and report what it may still refuse. It accepts no fixed pages."""
    if run.book.is_fixed:
        run.findings.append(Finding("kindle.fixed-layout", Severity.INFO))
        return
    from ..exports import send_to_kindle

    writer = outputs.epub_writer(run, run.book, shape=KINDLE)
    run.file(Stage.EPUB, ArtifactKind.KINDLE, KINDLE_FILE, outputs.EPUB_TYPE, writer)
    run.findings += send_to_kindle.remarks(run.analysis, run.book.metadata.language, run.artifacts[-1].size_bytes)


def make_text(run: Run) -> None:
    """Write the plain text."""
    from ..exports.text import write_text

    run.file(Stage.EPUB, ArtifactKind.TEXT, TEXT_FILE, "text/plain", lambda path: write_text(run.book, path))


def make_markdown(run: Run) -> None:
    """Write the author's whole text as Markdown, to continue with elsewhere."""
    from ..exports.markdown import write_markdown

    book, name = without_made(run.book), MARKDOWN_FILE
    run.file(Stage.EPUB, ArtifactKind.MARKDOWN, name, "application/zip", lambda path: write_markdown(book, path))


def make_docx(run: Run) -> None:
    """Write the author's whole text as DOCX, to continue with in a word processor. Drawn pages have none."""
    if run.book.is_fixed:
        return
    from ..exports.docx import FILE_TYPE, write_docx

    book = without_made(run.book)
    run.file(Stage.EPUB, ArtifactKind.DOCX, DOCX_FILE, FILE_TYPE, lambda path: write_docx(book, path))


def make_book(run: Run) -> None:
    """Write the Book with the author's patches, where the manuscript is a file of ours: its next version."""
    if run.source_format != SourceFormat.OWN:
        return
    from ..exports.own import own_book

    book = without_made(run.book)

    def write(path: Path) -> None:
        path.write_bytes(own_book(book))

    run.file(Stage.READ, ArtifactKind.BOOK, BOOK_FILE, "application/json", write)


def add_printed_pages(run: Run) -> None:
    """Write the EPUB again with the page list of the print edition that was made beside it.

    Only where there is a paper edition, and where the source had no page list of its own.
    """
    made = {artifact.target: artifact for artifact in run.artifacts if artifact.kind is ArtifactKind.PDF}
    target = next((run.set_for[name] for name in run.request.targets if name in made and TARGETS[name].is_facing), None)
    if target is None or run.book.is_fixed or any(isinstance(node, PageMark) for _, node in run.analysis.nodes):
        return
    with run.allow("epub.incomplete", "page numbers of the print edition"):
        _mark_printed_pages(run, target)


def _mark_printed_pages(run: Run, target: Target) -> None:
    from ..epub import printed_pages

    pages = run.page_heads.get(target.name, [])
    count = printed_pages.mark(run.book, pages)
    if not count:
        run.findings.append(Finding("epub.pages-unmarked", Severity.INFO, facts={"pages": len(pages)}))
        return
    run.book.metadata.page_source = f"PDF, {target.width_mm:g} × {target.height_mm:g} mm"
    outputs.make_epub(run)
