"""The outputs of a Book: one function for each step of `pipeline.py`.

Modules that are slow to load are loaded where they are needed: many runs need neither pictures nor pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from .. import web
from ..book import names, sample
from ..book.model import Asset, Book
from ..contract import ArtifactKind, Stage
from ..epub import EPUB as EPUB_SHAPE
from ..epub import EpubVariant, write_epub
from ..epub.package import File
from ..epub.style import epub_css
from ..gate.admission import SourceFormat
from ..targets import PRINT, TARGETS, Target
from ..typography.designs import DESIGNS
from .run import Run, described

_UNKNOWN = "2020-01-01"  # of a book that says nothing about when it was made
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EPUB_TYPE = "application/epub+zip"
EPUB = "book.epub"
_INCOMPLETE = "epub.incomplete"


def make_web(run: Run) -> None:
    """Write the chapters for the web reader. Where there is a base, their blocks have their numbers in it."""

    def write(path: Path) -> None:
        web.write_web(run.book, path, numbers=run.numbers)

    run.file(Stage.WEB, ArtifactKind.WEB, "web.zip", "application/zip", write)


def make_web_sample(run: Run) -> None:
    part = _sample(run)
    name = "sample-web.zip"
    run.file(
        Stage.WEB,
        ArtifactKind.SAMPLE_WEB,
        name,
        "application/zip",
        lambda path: web.write_web(part, path, sample_of=run.book),
    )


def take_cover(run: Run) -> None:
    """Read the author's own cover, or the picture for it: first of all, because a bad one should be reported
    quickly."""
    if run.request.cover is not None:
        from ..covers import cover

        data = run.request.cover.read_bytes()
        if run.request.cover_choice is not None:
            run.cover_picture = cover.check_author_picture(data)
            return
        run.cover, findings = cover.check_author_cover(data)
        run.findings += findings


def cover_of(run: Run) -> Asset:
    """Return the book's cover: the author's, one drawn as chosen, the source's, or one drawn now."""
    if run.cover is None:
        from ..covers import cover

        chosen, author = run.request.cover_choice, names.author_line(run.book)
        if chosen is not None:
            run.cover, findings = cover.draw_chosen(chosen, run.book, author, run.cover_picture, run.cache)
        else:
            run.cover, findings = cover.choose(run.book, author, run.cache)
        run.findings += findings
    return run.cover


def make_cover(run: Run) -> None:
    """Write the cover as a picture."""
    from ..images import reencode

    run.picture(ArtifactKind.COVER, "", "cover.jpg", reencode.as_jpeg(cover_of(run)))


def make_own_cover(run: Run) -> None:
    """Write the cover in the source as a small picture, if there is one."""
    from ..covers import cover
    from ..images import reencode

    found = cover.of_source(run.book)
    if found is not None:
        for small in reencode.thumbnails(found, widths=(320,), formats=("webp",)):
            run.picture(ArtifactKind.OWN_COVER, "", "own-cover.webp", small)


def make_thumbnails(run: Run) -> None:
    """Write small pictures of the cover for the shop."""
    from ..images import reencode

    for small in reencode.known_thumbnails(reencode.as_jpeg(cover_of(run)), run.cache):
        name = f"thumb-{small.width}.{small.extension}"
        run.picture(ArtifactKind.THUMBNAIL, f"{small.width}-{small.format}", name, small)


def make_epub(run: Run) -> None:
    run.file(Stage.EPUB, ArtifactKind.EPUB, EPUB, EPUB_TYPE, epub_writer(run, run.book))


def make_epub_sample(run: Run) -> None:
    writer = epub_writer(run, _sample(run), is_sample=True)
    run.file(Stage.EPUB, ArtifactKind.SAMPLE_EPUB, "sample.epub", EPUB_TYPE, writer)


def make_pdfs(run: Run) -> None:
    """Write one PDF for each target."""
    request = run.request
    targets = [_trimmed(run, TARGETS[name]) for name in request.targets]
    for target, path, pages in _written_pdfs(run, targets):
        run.set_for[target.name] = target
        named = path.rename(request.out / f"book-{target.name}.pdf")
        run.add(Stage.PDF, described(ArtifactKind.PDF, target.name, named, "application/pdf", pages=pages))


def _trimmed(run: Run, target: Target) -> Target:
    """Return the target; for the printed book, with the pages that the author chose."""
    return replace(TARGETS[run.request.trim], name=target.name) if target.name == PRINT else target


def make_proof(run: Run) -> None:
    """Write a proof sheet for each PDF: pages as pictures with their problems marked."""
    from . import proofs

    proofs.make_proof(run)


def make_preview(run: Run) -> None:
    """Write the opening of the body in every design, for the author to choose from."""
    from . import previews

    previews.make_preview(run)


def make_own_pdf(run: Run) -> None:
    """Deliver the author's own PDF beside ours, where a PDF was uploaded."""
    if run.source_format != SourceFormat.PDF:
        return
    from ..exports import own_pdf

    path = run.request.out / "own.pdf"
    run.findings += own_pdf.keep(run.request.source, path)
    pages = len(run.book.pages)
    run.add(Stage.PDF, described(ArtifactKind.OWN_PDF, "", path, "application/pdf", pages=pages))


def _written_pdfs(run: Run, targets: list[Target]) -> Iterator[tuple[Target, Path, int]]:
    request, cover = run.request, cover_of(run)
    if run.book.is_fixed:
        from ..pdf.pages import write_page_pdfs

        return write_page_pdfs(run.book, targets, request.out, cover=cover, remark=run.findings.append)
    from ..pdf import write_pdfs

    design = DESIGNS[request.design]
    return write_pdfs(
        run.book,
        targets,
        request.out,
        jobs=request.jobs,
        cover=cover,
        design=design,
        cache=run.cache,
        tell=run.tell_pages,
        heads=run.page_heads,
        remark=run.findings.append,
    )


def _sample(run: Run) -> Book:
    return sample.make_sample(run.book, run.request.sample_bps)


def epub_writer(
    run: Run, book: Book, *, shape: EpubVariant = EPUB_SHAPE, is_sample: bool = False
) -> Callable[[Path], None]:
    """Return a function that writes a book to a path in one variant of the EPUB, in the request's design."""
    cover = cover_of(run)
    book, style, faces = _styled(run, book) if shape.may_embed_fonts else (book, b"", ())
    return lambda path: write_epub(
        book, path, cover=cover, modified=_modified(run), sample=is_sample, shape=shape, style=style, faces=faces
    )


def _modified(run: Run) -> str:
    """Return when the book last changed. It must not be the time of this run: equal requests give equal bytes."""
    if run.request.modified:
        return run.request.modified
    published = run.book.metadata.published
    try:
        return date.fromisoformat(published).isoformat() if _DAY.fullmatch(published) else _UNKNOWN
    except ValueError:  # the 31st of February
        return _UNKNOWN


def _styled(run: Run, book: Book) -> tuple[Book, bytes, tuple[File, ...]]:
    """Return the book with the author's own design where it is kept, else with ours as a style sheet, and with its
    fonts where they were requested."""
    if book.kept is not None:
        from ..epub.author_design import kept_style

        with run.allow(_INCOMPLETE, "your own design"):
            return book, *kept_style(book.kept)
        book = replace(book, kept=None)
    design = DESIGNS[run.request.design]
    if run.request.embed_fonts:
        from ..epub.embedded_fonts import embedded

        with run.allow(_INCOMPLETE, "fonts"):
            kept = embedded(book, design)
            return book, epub_css(design, kept.faces).encode(), kept.files
    return book, epub_css(design).encode(), ()
