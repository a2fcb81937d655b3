"""The reader for PDF: every page drawn once by pdfium, with its words, in helper processes of their own.

Nothing of the file goes further but pixels, words and their places, the outline and the plain details. Scripts, forms,
attachments and comments are never looked at. What makes pdfium fail ends a helper, not the conversion.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from ...book import clean, language
from ...book.model import Asset, Contributor, ReaderResult
from ...book.page import Page, PageText
from ...errors import AuthorFixable, PlatformFault
from ...findings.model import Severity
from ...gate.admission import Manuscript
from ...images.reencode import raster_asset
from ...support.workers import WorkerPool
from ..assembly import properties
from ..assembly.draft import Draft
from ..assembly.fixed_pages import (
    MAX_OUTLINE_DEPTH,
    MAX_OUTLINE_ENTRIES,
    OutlineEntry,
    Overview,
    assemble,
    refuse_too_many,
)

HELPERS = 2
LONGEST_SIDE_PX = 2400  # 205 dots to an inch on A4
SHORTEST_SIDE_PX = 16
MAX_PAGE_PT = 14_400  # 200 inches, the most the format allows
MAX_BOOK_BYTES = 400 << 20
JPEG_QUALITY = 86
PT_TO_PX = 96 / 72
_MM_PER_PT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One page drawn. Sizes in CSS pixels; no asset when there is no such page."""

    asset: Asset | None
    width: float = 0.0
    height: float = 0.0
    lines: list[PageText] = field(default_factory=list)


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in a PDF. Raises AuthorFixable: `source.encrypted`, `source.pdf-damaged`, `source.too-many-pages` …"""
    path = manuscript.path
    if path is None:
        raise AuthorFixable("source.pdf-damaged")
    about = overview(path)
    draft = Draft()
    _details(about, draft)
    pages = []
    for number, drawn in enumerate(draw(path, about.pages)):
        if drawn.asset is None:
            draft.count("page.left-out", Severity.BLOCKER, f"{number + 1}")
            continue
        pages.append(_page(drawn, about.labels[number] if number < len(about.labels) else "", draft))
    if not any(page.lines for page in pages):
        draft.tell("page.no-words", Severity.ADVICE)
    if len(pages) > 40 and _is_prose(pages):
        draft.tell("page.mostly-text", Severity.ADVICE)
    return assemble(draft, pages, _outline(about), direction="rtl" if about.is_rtl else "")


def overview(path: Path) -> Overview:
    """Look a PDF over without drawing it. Raises AuthorFixable when it is damaged, encrypted or has too many pages."""
    from .first_look import look

    with WorkerPool(look, 1) as pool:
        pool.submit(str(path))
        about: Overview = next(iter(_answers(pool)))[1]
    if about.refusal:
        raise AuthorFixable(about.refusal, part="")
    refuse_too_many(about.pages)
    return about


def draw(path: Path, count: int) -> Iterator[DrawnPage]:
    """The pages in order, drawn by helpers side by side."""
    done: dict[int, DrawnPage] = {}
    following, total_bytes = 0, 0
    with WorkerPool(_Drawer(path), min(HELPERS, max(count, 1))) as pool:
        for number in range(count):
            pool.submit(number)
        for number, drawn in _answers(pool):
            done[number] = drawn
            total_bytes += len(drawn.asset.data) if drawn.asset else 0
            if total_bytes > MAX_BOOK_BYTES:
                raise AuthorFixable("source.pages-too-heavy", limit_mb=MAX_BOOK_BYTES >> 20)
            while following in done:
                yield done.pop(following)
                following += 1


def _answers(pool: WorkerPool) -> Iterator[tuple[Any, Any]]:
    """The pool's answers. A helper that dies, or fails, met a damaged file: that is the author's to mend."""
    try:
        yield from pool.results()
    except PlatformFault as error:
        raise AuthorFixable("source.pdf-damaged") from error


# ---------------------------------------------------------------- drawing, in a helper


class _Drawer:
    """Draws a page. The file is opened in the helper, at its first page."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.document: Any = None

    def __call__(self, number: int) -> DrawnPage:
        import pypdfium2 as pdfium

        from .text import lines_of

        if self.document is None:
            self.document = pdfium.PdfDocument(self.path)
        try:
            page = self.document.get_page(number)
        except pdfium.PdfiumError:
            return DrawnPage(None)
        try:
            width, height = page.get_size()
            if not _is_page(width, height):
                return DrawnPage(None)
            width, height = width * PT_TO_PX, height * PT_TO_PX
            return DrawnPage(drawn(page, f"page-{number + 1}"), width, height, lines_of(page, width, height))
        except pdfium.PdfiumError:
            return DrawnPage(None)
        finally:
            page.close()


def _is_page(width: float, height: float) -> bool:
    """Whether a size in points is one that can be shown: finite, not a hair, not a house."""
    if not (math.isfinite(width) and math.isfinite(height)):
        return False
    shortest, longest = sorted((width, height))
    return shortest > 0 and longest <= MAX_PAGE_PT and shortest * LONGEST_SIDE_PX >= SHORTEST_SIDE_PX * longest


def drawn(page: Any, name: str, longest_px: int = LONGEST_SIDE_PX) -> Asset:
    """A page of pdfium's as a picture, so many pixels on its longer side."""
    scale = longest_px / max(page.get_size())
    bitmap = page.render(
        scale=scale, may_draw_forms=False, draw_annots=False, rev_byteorder=True, limit_image_cache=True
    )
    try:
        image = bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()
    return as_page_asset(image, name)


def as_page_asset(image: Image.Image, name: str) -> Asset:
    """A drawn page as PNG where it is lines and letters, as JPEG where it is pictures: whichever is smaller."""
    image = _grey_if_grey(image)
    photo = raster_asset(image, name, lossy=True, quality=JPEG_QUALITY)
    if image.mode != "L" and image.getcolors(maxcolors=4096) is None:
        return photo
    drawing = raster_asset(image, name, lossy=False)
    return min(drawing, photo, key=lambda asset: len(asset.data))


def _grey_if_grey(image: Image.Image) -> Image.Image:
    """In one channel where the page has no colour: a look at a small copy tells."""
    small = image.resize((min(image.width, 160), min(image.height, 160)), Image.Resampling.BOX)
    red, green, blue = (channel.tobytes() for channel in small.split())
    return image.convert("L") if red == green == blue else image


# ---------------------------------------------------------------- the book


def _page(drawn: DrawnPage, label: str, draft: Draft) -> Page:
    assert drawn.asset is not None  # noqa: S101  # asked for by the caller
    draft.assets[drawn.asset.sha256] = drawn.asset
    return Page(
        "",
        drawn.asset.sha256,
        max(1, round(drawn.width)),
        max(1, round(drawn.height)),
        drawn.lines,
        label=label,
        width_mm=drawn.width / PT_TO_PX * _MM_PER_PT,
    )


def _details(about: Overview, draft: Draft) -> None:
    metadata = draft.metadata
    metadata.title = clean.title(about.title)
    metadata.language = clean.language(about.language)
    metadata.description = clean.title(about.subject, 2000)
    metadata.subjects = [name for part in about.keywords.split(",")[:40] if (name := clean.title(part, 200))]
    for part in about.author.replace(";", ",").replace(" and ", ",").split(",")[:20]:
        if name := clean.title(part, 200):
            metadata.contributors.append(Contributor(name))
    properties.without_programs(metadata)
    if language.is_rtl(metadata.language):
        draft.direction = "rtl"


def _outline(about: Overview) -> list[OutlineEntry]:
    top: list[OutlineEntry] = []
    path: list[tuple[int, OutlineEntry]] = []
    for depth, raw_title, page in about.outline[:MAX_OUTLINE_ENTRIES]:
        title = clean.title(raw_title)
        if not title or depth >= MAX_OUTLINE_DEPTH:
            continue
        entry = OutlineEntry(title, page)
        while path and path[-1][0] >= depth:
            path.pop()
        (path[-1][1].children if path else top).append(entry)
        path.append((depth, entry))
    return top


def _is_prose(pages: list[Page]) -> bool:
    """Whether most pages are full of words: such a book would rather flow."""
    full = sum(sum(len(line.text) for line in page.lines) > 1_200 for page in pages)
    return full * 2 > len(pages)
