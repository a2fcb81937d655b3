"""Write a Book of pages as fixed-layout EPUB 3.3: one file per page, spread sides, page list, readable words.

Also the fixed-layout pages that stand among flowing chapters, see `page_rendition`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ebooklib import epub as ebooklib_epub

from .. import ASSETS
from ..book.model import Asset, Book, Chapter, Division
from ..book.page import Page
from ..markup.contents import toc_links
from ..markup.pages import page_document
from ..markup.survey import MEDIA_TYPES, Piece, Place, PrintPage, Survey
from ..markup.terms import page_title, terms_for
from ..markup.text import language_tag
from ..markup.title import title_of
from .landmarks import Landmarks
from .metadata import describe, identifier_of
from .navigation import nav_document, ncx_document
from .package import Document, File, Package, PackageWriter

_HASH_LENGTH = 20
_COVER = "cover"
STYLE = File("page-style", "styles/page.css", "text/css", (ASSETS / "page.css").read_bytes())


def write_fixed(book: Book, out: Path, *, cover: Asset | None, moment: datetime, is_sample: bool) -> None:
    """Write the EPUB of a book that consists of pages. A cover that is not the first page becomes a page before it."""
    package = _FixedBuilder(book, cover, is_sample=is_sample).build()
    PackageWriter(package, moment).write_to(out)


def page_rendition(page: Page, *, is_alone: bool = False) -> tuple[str, ...]:
    """Return the properties of a page's spine item. A page that `is_alone` among flowing chapters names its layout."""
    properties = []
    if is_alone:
        properties.append("rendition:layout-pre-paginated")
    if page.orientation in ("landscape", "portrait"):
        properties.append(f"rendition:orientation-{page.orientation}")
    if page.spread == "center":
        properties.append("rendition:spread-none" if is_alone else "rendition:page-spread-center")
    elif page.spread and not is_alone:
        properties.append(f"page-spread-{page.spread}")
    return tuple(properties)


class _FixedBuilder:
    """Assembles one package, page by page."""

    def __init__(self, book: Book, cover: Asset | None, *, is_sample: bool) -> None:
        self.book = book
        self.pages = book.pages
        self.is_sample = is_sample
        self.terms = terms_for(book.metadata.language)
        self.cover = cover
        self.has_own_cover = cover is not None and cover.sha256 != self.pages[0].asset
        self.survey = _survey(book)
        self.package = Package(
            book, language_tag(book.metadata.language) or "und", identifier_of(book, is_sample=is_sample)
        )
        self.landmarks = Landmarks()

    def build(self) -> Package:
        """Return the finished package."""
        self._pictures()
        if self.has_own_cover:
            self._cover_page()
        for index, page in enumerate(self.pages):
            self._page(index, page)
        if self.is_sample:
            self._sample_end()
        self._navigation()
        self.package.add_file(STYLE)
        describe(self.package, self.survey, has_math=False, is_sample=self.is_sample)
        return self.package

    def _pictures(self) -> None:
        used = dict.fromkeys(page.asset for page in self.pages)
        assets = {key: self.book.assets[key] for key in used}
        if self.cover is not None:
            assets = {self.cover.sha256: self.cover} | assets
        for key, asset in assets.items():
            path = _picture_path(asset)
            if self.cover is not None and key == self.cover.sha256:
                item = ebooklib_epub.EpubCover(uid="cover-image", file_name=path)
                item.media_type, item.content = asset.media_type, asset.data
                self.package.add_item(item)
            else:
                self.package.add_file(File(f"image-{key[:_HASH_LENGTH]}", path, asset.media_type, asset.data))

    def _cover_page(self) -> None:
        assert self.cover is not None  # noqa: S101  # what has_own_cover says
        alt = f"{self.terms.cover}: {title_of(self.book, self.terms)}"
        page = Page(
            _COVER, self.cover.sha256, self.cover.width, self.cover.height, alt=alt, spread="center", label=_COVER
        )
        text = page_document(
            self.book,
            page,
            title=self.terms.cover,
            picture=f"../{_picture_path(self.cover)}",
            style="../styles/page.css",
        )
        self._add(Document(_COVER, f"text/{_COVER}.xhtml", text, rendition=page_rendition(page)))
        self.landmarks.add("cover", self.terms.cover, f"text/{_COVER}.xhtml")

    def _page(self, index: int, page: Page) -> None:
        text = page_document(
            self.book,
            page,
            title=self.survey.pieces[index].title,
            picture=f"../{_picture_path(self.book.assets[page.asset])}",
            style="../styles/page.css",
            mark=f"page-{index + 1}",
        )
        path = self.path(index)
        self._add(Document(f"page-{index + 1}", path, text, rendition=page_rendition(page)))
        if index == 0 and self.cover is not None and not self.has_own_cover:
            self.landmarks.add("cover", self.terms.cover, path)
        is_body = self.survey.pieces[index].chapter.division is Division.BODY
        if is_body:
            self.landmarks.add("bodymatter", self.terms.start, path)

    def _sample_end(self) -> None:
        """Add the last page of a sample, which says that it is one. It has the size of the page before."""
        last = self.pages[-1]
        size = f"width:{last.width}px;height:{last.height}px"
        tag = self.package.language
        text = (
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
            f'<html xmlns="http://www.w3.org/1999/xhtml" lang="{tag}" xml:lang="{tag}">\n<head>\n'
            f"<title>{self.terms.sample_end}</title>\n"
            f'<meta name="viewport" content="width={last.width}, height={last.height}"/>\n'
            '<link rel="stylesheet" type="text/css" href="../styles/page.css"/>\n</head>\n'
            f'<body style="{size}"><main><p class="end" style="padding-top:{last.height * 2 // 5}px;'
            f'font-size:{max(12, min(last.width, last.height) // 24)}px">{self.terms.sample_end}</p></main></body>\n'
            "</html>\n"
        )
        self._add(Document("sample-end", "text/sample-end.xhtml", text))

    def _add(self, document: Document) -> None:
        self.package.add_document(document)

    def path(self, index: int) -> str:
        """Return the path of a page's file inside the package's folder."""
        return f"text/page-{index + 1:04}.xhtml"

    def _navigation(self) -> None:
        links = toc_links(self.survey, self.path, self.terms)
        nav = nav_document(self.survey, links, self.landmarks.in_order(), self.path, self.terms)
        nav = nav.replace("styles/book.css", "styles/page.css")
        self.package.add_navigation(nav, is_read=False)
        self.package.add_ncx(ncx_document(self.survey, links, self.path, self.terms, self.package.identifier))


def _picture_path(asset: Asset) -> str:
    return f"images/{asset.sha256[:_HASH_LENGTH]}.{MEDIA_TYPES[asset.media_type]}"


def _survey(book: Book) -> Survey:
    """Return the pages as pieces of a survey, so that contents, landmarks and page list are made as for any book."""
    surveyed = Survey(book)
    for chapter in book.chapters:
        for position, page in enumerate(chapter.pages):
            index = len(surveyed.pieces)
            place = Place(index, "", index)
            if not position:
                surveyed.places[chapter.id] = place
            surveyed.places[page.id] = place
            surveyed.pieces.append(Piece(page.id, chapter, _title(book, chapter, page), [], is_first=not position))
            surveyed.marks.append(PrintPage(page.label, index, f"page-{index + 1}"))
    return surveyed


def _title(book: Book, chapter: Chapter, page: Page) -> str:
    name = page_title(book.metadata.language, page.label)
    return f"{chapter.title}, {name}" if chapter.title else name
