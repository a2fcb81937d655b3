"""A Book of pages as PDFs: each page its picture, scaled to the target, with its words unseen at their places.

Screens get pages of the picture's own shape that fit the target, with no more pixels than it shows. Print gets the size
the page had on paper; a page that never was on paper fills the target's. Tagged: the picture is a figure with the
author's description, the words are paragraphs; where there is no description the words speak for the page, and the
picture is told as an ornament.
"""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import batched, groupby
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream, String
from PIL import Image

from ..book.model import Asset, Book, TocEntry
from ..book.page import SOFT_HYPHEN, Page, PageText, is_described
from ..findings import not_made
from ..findings.model import Finding
from ..findings.omissions import Omissions
from ..markup.pages import alternative, is_vertical
from ..markup.terms import terms_for
from ..markup.text import language_tag, one_line
from ..markup.title import title_of
from ..targets import Target
from . import glyphless, metadata

SCREEN_DPI = 264
JPEG_QUALITY = 85
_POINTS_PER_MM = 72 / 25.4
_TYPE_SIZE = 0.72  # of a line's height
_DESCENT = 0.22
_WIDE = 1.2
_THREADS = 2
_AT_ONCE = 8


@dataclass(slots=True)
class _Picture:
    """A page's picture as a PDF holds it."""

    data: bytes
    filter: Name
    color_space: Name
    width: int
    height: int
    options: Dictionary | None = None


@dataclass(slots=True)
class _Sheet:
    """What every page of one document is made with; `images` are those the document has, by asset and width."""

    pdf: Pdf
    book: Book
    target: Target
    font: pikepdf.Object
    tags: _Tags
    images: dict[tuple[str, int], pikepdf.Object] = field(default_factory=dict)


@dataclass(slots=True)
class _Tags:
    """The structure of the document as it grows: elements in order, and those of each page by marked content."""

    pdf: Pdf
    document: pikepdf.Object
    numbers: list[object] = field(default_factory=list)

    def element(self, kind: str, page: pikepdf.Object, content: int, **entries: Any) -> pikepdf.Object:
        """Add an element for one stretch of marked content."""
        made = Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=self.document, Pg=page, K=content, **entries)
        indirect = self.pdf.make_indirect(made)
        self.document.K.append(indirect)
        return indirect


def write_page_pdfs(
    book: Book,
    targets: Sequence[Target],
    out_dir: Path,
    *,
    cover: Asset | None,
    remark: Callable[[Finding], None] | None = None,
) -> Iterator[tuple[Target, Path, int]]:
    """Write `<target>.pdf` for each target into `out_dir`; yield target, file and page count as each is ready.

    A cover that is not the first page goes before it, where the target has covers. Equal arguments give equal bytes. A
    target that cannot be made is left out, and so is what a file can do without; `remark` is told of both. Where there
    is none, the error of a target is raised.
    """
    left_out = Omissions()
    for target in targets:
        out = out_dir / f"{target.name}.pdf"
        try:
            pages = _write(book, target, out, cover, left_out)
        except Exception as error:
            if remark is None:
                raise
            traceback.print_exc()
            remark(not_made.pdf(target.name, not_made.cause_of(error)))
        else:
            yield target, out, pages
    if remark is not None:
        for finding in left_out.findings("pdf.incomplete"):
            remark(finding)


def _write(book: Book, target: Target, out: Path, cover: Asset | None, left_out: Omissions) -> int:
    pages = list(book.pages)
    assets = dict(book.assets)
    has_cover = target.has_cover and cover is not None and cover.sha256 != pages[0].asset
    if has_cover and cover is not None:
        alt = f"{terms_for(book.metadata.language).cover}: {title_of(book, terms_for(book.metadata.language))}"
        pages.insert(0, Page("cover", cover.sha256, cover.width, cover.height, alt=alt, spread="center", label="c"))
        assets[cover.sha256] = cover
    with Pdf.new() as pdf:
        sheet = _Sheet(pdf, book, target, glyphless.add_to(pdf), _start_tags(pdf))
        for page, picture in _with_pictures(book, pages, target, assets):
            _add_page(sheet, page, picture)
        _finish_tags(sheet.tags)
        with left_out.allow("bookmarks"):
            _outline(pdf, book, before=int(has_cover))
            _labels(pdf, pages)
        if target.is_facing:
            pdf.Root.PageLayout = Name.SinglePage if book.spread == "none" else Name.TwoPageRight
        with left_out.allow("document details"):
            _describe(pdf, metadata.about(book, is_described=all(map(is_described, pages))))
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
    return len(pages)


def _describe(pdf: Pdf, about: metadata.About) -> None:
    pdf.trailer.Info = pdf.make_indirect(Dictionary({f"/{key}": String(value) for key, value in about.info.items()}))
    pdf.Root.Lang = String(about.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, Direction=Name.R2L if about.is_rtl else Name.L2R)
    stream = pdf.make_stream(about.packet)
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = stream


# ---------------------------------------------------------------- sizes and pictures


def page_size(book: Book, page: Page, target: Target) -> tuple[float, float]:
    """Width and height of a page in points."""
    if target.is_facing and page.width_mm:
        width = page.width_mm
        return width * _POINTS_PER_MM, width * page.height / page.width * _POINTS_PER_MM
    across = 2 if target.is_facing and _is_double(book, page) else 1
    scale = min(across * target.width_mm / page.width, target.height_mm / page.height)
    return page.width * scale * _POINTS_PER_MM, page.height * scale * _POINTS_PER_MM


def _is_double(book: Book, page: Page) -> bool:
    return page.spread == "center" and book.spread != "none" and page.width > _WIDE * page.height


def _with_pictures(
    book: Book, pages: Iterable[Page], target: Target, assets: dict[str, Asset]
) -> Iterator[tuple[Page, _Picture]]:
    """Every page with its picture; encoders work outside the interpreter's lock, so threads share the processors."""

    def prepared(page: Page) -> _Picture:
        most = 0 if target.is_facing else round(page_size(book, page, target)[0] / 72 * SCREEN_DPI)
        return _prepared(assets[page.asset], most)

    with ThreadPoolExecutor(_THREADS) as pool:
        for group in batched(pages, _AT_ONCE):
            yield from zip(group, pool.map(prepared, group), strict=True)


def _prepared(asset: Asset, most_pixels: int) -> _Picture:
    """The picture at most so many pixels wide, as it is where it is small enough; 0 sets no bound."""
    with Image.open(io.BytesIO(asset.data), formats=("JPEG", "PNG")) as opened:
        fits = not most_pixels or opened.width <= 1.15 * most_pixels
        if fits and asset.media_type == "image/jpeg":
            return _jpeg(asset.data, opened)
        image = _opaque(opened)
    if not fits:
        image = image.resize((most_pixels, max(1, round(image.height * most_pixels / image.width))), reducing_gap=2.0)
    if asset.media_type == "image/jpeg":
        out = io.BytesIO()
        image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
        return _jpeg(out.getvalue(), image)
    colors = 1 if image.mode == "L" else 3
    options = Dictionary(Predictor=15, Colors=colors, BitsPerComponent=8, Columns=image.width)
    return _Picture(_png_rows(image), Name.FlateDecode, _color_space(image), *image.size, options)


def _png_rows(image: Image.Image) -> bytes:
    """The packed rows of the image as PNG: a PDF knows PNG's way of foretelling rows, and drawings are small in it."""
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=7)
    data, rows, place = out.getvalue(), b"", 8
    while place < len(data):
        length = int.from_bytes(data[place : place + 4])
        if data[place + 4 : place + 8] == b"IDAT":
            rows += data[place + 8 : place + 8 + length]
        place += 12 + length
    return rows


def _jpeg(data: bytes, image: Image.Image) -> _Picture:
    return _Picture(data, Name.DCTDecode, _color_space(image), *image.size)


def _color_space(image: Image.Image) -> Name:
    return Name.DeviceGray if image.mode == "L" else Name.DeviceRGB


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA", "PA"):
        return image.convert("L" if image.mode == "L" else "RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image.convert("RGBA"), mask=image.convert("RGBA").getchannel("A"))
    return white


# ---------------------------------------------------------------- one page


def _add_page(sheet: _Sheet, page: Page, picture: _Picture) -> None:
    pdf = sheet.pdf
    width, height = page_size(sheet.book, page, sheet.target)
    pdf.add_blank_page(page_size=(width, height))
    own = pdf.pages[-1].obj
    key = (page.asset, picture.width)
    if key not in sheet.images:
        sheet.images[key] = _image(pdf, picture)
    own.Resources = Dictionary(XObject=Dictionary(Im=sheet.images[key]), Font=Dictionary(F=sheet.font))
    own.StructParents = len(pdf.pages) - 1
    own.Tabs = Name.S
    content, elements = _content(sheet, page, (width, height), own)
    own.Contents = Stream(pdf, content)
    sheet.tags.numbers += [own.StructParents, pdf.make_indirect(Array(elements))]


def _image(pdf: Pdf, picture: _Picture) -> pikepdf.Object:
    stream = Stream(pdf, b"")
    stream.write(picture.data, filter=picture.filter, decode_parms=picture.options)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = picture.width, picture.height, 8
    stream.ColorSpace = picture.color_space
    return pdf.make_indirect(stream)


def _content(
    sheet: _Sheet, page: Page, size: tuple[float, float], own: pikepdf.Object
) -> tuple[bytes, list[pikepdf.Object]]:
    """The page's content stream, and its elements by number of marked content."""
    width, height = size
    elements: list[pikepdf.Object] = []
    alt = alternative(sheet.book, page)
    opening = "/Artifact BMC"
    if alt:
        box = Dictionary(O=Name.Layout, BBox=Array([0, 0, round(width, 2), round(height, 2)]), Placement=Name.Block)
        elements.append(sheet.tags.element("Figure", own, 0, Alt=String(alt), A=box))
        opening = "/Figure <</MCID 0>> BDC"
    parts = [f"{opening} q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im Do Q EMC"]
    for lines in _paragraphs(page):
        elements.append(sheet.tags.element("P", own, len(elements), **_language(lines[0])))
        strings = "\n".join(_line(line, page, width / page.width) for line in lines)
        parts.append(f"/P <</MCID {len(elements) - 1}>> BDC BT 3 Tr\n{strings}\nET EMC")
    return "\n".join(parts).encode("ascii"), elements


def _paragraphs(page: Page) -> Iterator[list[PageText]]:
    """Lines by paragraph; words without a place stand in a hair at the foot of the page."""
    for _, lines in groupby(page.lines, key=lambda line: line.block):
        yield list(lines)
    for text in page.rest:
        yield [PageText(text, 0, page.height - 2, page.width, 2)]


def _language(line: PageText) -> dict[str, pikepdf.Object]:
    tag = language_tag(line.lang)
    return {"Lang": String(tag)} if tag else {}


def _line(line: PageText, page: Page, scale: float) -> str:
    """A line as wide as its box, with the space that parts it from the next."""
    text = one_line(line.text.removesuffix(SOFT_HYPHEN))
    height, length = (line.w, line.h) if is_vertical(line) else (line.h, line.w)
    size = max(height * _TYPE_SIZE * scale, 0.1)
    natural = glyphless.glyphs(text) * glyphless.WIDTH / 1000 * size
    stretch = max(1.0, min(10_000.0, 100 * length * scale / natural)) if natural else 100
    if is_vertical(line):
        turn, x, y = "0 -1 1 0", line.x + _DESCENT * line.w, page.height - line.y
    else:
        turn, x, y = "1 0 0 1", line.x, page.height - line.y - line.h * (1 - _DESCENT)
    end = "" if line.text.endswith(SOFT_HYPHEN) else " "
    place = f"{turn} {x * scale:.2f} {y * scale:.2f} Tm"
    return f"/F {size:.2f} Tf {stretch:.1f} Tz {place} <{glyphless.codes(text + end)}> Tj"


# ---------------------------------------------------------------- the document


def _start_tags(pdf: Pdf) -> _Tags:
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
    root.K = Array([document])
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    return _Tags(pdf, document)


def _finish_tags(tags: _Tags) -> None:
    pdf = tags.pdf
    pdf.Root.StructTreeRoot.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(tags.numbers)))
    pdf.Root.StructTreeRoot.ParentTreeNextKey = len(pdf.pages)


def _outline(pdf: Pdf, book: Book, *, before: int) -> None:
    places = {page.id: index + before for index, page in enumerate(book.pages)}
    starts = {chapter.id: places[chapter.pages[0].id] for chapter in book.chapters}

    def items(entries: list[TocEntry]) -> Iterator[OutlineItem]:
        for entry in entries:
            item = OutlineItem(one_line(entry.title), places.get(entry.anchor, starts.get(entry.chapter_id, 0)))
            item.children.extend(items(entry.children))
            yield item

    toc = book.toc or [TocEntry(title_of(book, terms_for(book.metadata.language)), book.chapters[0].id)]
    with pdf.open_outline() as outline:
        outline.root.extend(items(toc))


def _labels(pdf: Pdf, pages: list[Page]) -> None:
    numbers: list[object] = []
    for index, page in enumerate(pages):
        numbers += [index, Dictionary(P=String(page.label))]
    if [page.label for page in pages] == [str(number) for number in range(1, len(pages) + 1)]:
        numbers = [0, Dictionary(S=Name.D)]
    pdf.Root.PageLabels = Dictionary(Nums=Array(numbers))
