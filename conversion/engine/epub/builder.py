"""Assemble one package in reading order: cover, title page, contents, chapters, and the navigation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ebooklib import epub as ebooklib_epub

from .. import ASSETS
from ..book.model import Asset, Book, Division
from ..markup.contents import toc_links
from ..markup.pages import page_document
from ..markup.survey import MEDIA_TYPES, Survey, survey
from ..markup.terms import Terms, terms_for
from ..markup.text import attribute, escape, language_tag, one_line
from ..markup.title import has_title_page, title_lines, title_of
from ..markup.xhtml import XhtmlMarkup, asset_names
from . import author_design, landmarks, pictures
from .fixed import STYLE, page_rendition
from .metadata import describe, identifier_of
from .navigation import nav_document, ncx_document
from .package import Document, File, Package
from .variants import EpubVariant

PIECE_CHARACTERS = 200_000
_HASH_LENGTH = 20
_OWN_PAGES = ("cover", "titlepage", "sample-end")


def build(
    book: Book, cover: Asset | None, shape: EpubVariant, *, is_sample: bool, style: bytes, faces: Sequence[File]
) -> Package:
    """Return the finished package of one shape of a book."""
    surveyed = survey(book, piece_characters=PIECE_CHARACTERS, reserved=_OWN_PAGES)
    own = book.kept if shape.may_embed_fonts else None
    if own is not None:
        surveyed.assets |= {key: None for key in own.pictures if key in book.assets}
    surveyed.book = replace(book, kept=own, assets=pictures.shaped(book.assets, surveyed.assets, shape))
    surveyed.assets = {key: None for key in surveyed.assets if key in surveyed.book.assets}
    if cover is not None:
        cover = pictures.cover_for(cover, shape)
    return _Builder(surveyed, cover, shape, is_sample=is_sample).build(style, faces)


class _Builder:
    """Assembles one package."""

    def __init__(self, surveyed: Survey, cover: Asset | None, shape: EpubVariant, *, is_sample: bool) -> None:
        self.survey = surveyed
        self.book = surveyed.book
        self.cover = cover
        self.shape = shape
        self.is_sample = is_sample
        self.terms: Terms = terms_for(self.book.metadata.language)
        self.names = asset_names(surveyed, length=_HASH_LENGTH)
        self.formulas: dict[str, Asset] = {}
        self.markup = self._markup()
        self.markup.is_dressed = self.book.kept is not None
        self.package = Package(
            self.book,
            language_tag(self.book.metadata.language) or "und",
            identifier_of(self.book, is_sample=is_sample),
        )
        self.landmarks = landmarks.Landmarks()
        self.math_pieces = 0

    def _markup(self) -> XhtmlMarkup:
        names, style = self.names, "../styles/book.css"
        if not self.shape.is_raster:
            return XhtmlMarkup(self.survey, assets="../images/", asset_names=names, style=style)
        from .kindle import KindleMarkup  # loads the library that draws formulas

        markup = KindleMarkup(self.survey, assets="../images/", asset_names=names, style=style)
        markup.formulas = self.formulas
        return markup

    def build(self, style: bytes, faces: Sequence[File]) -> Package:
        """Return the finished package."""
        self._cover()
        self._title_page()
        self._chapters()
        if self.formulas:  # drawn formulas are pictures with alternative text
            self.survey.features.images += self.survey.features.math
        if self.is_sample:
            self._sample_end()
        self._navigation()
        self._files(style, faces)
        describe(self.package, self.survey, has_math=self.math_pieces > 0, is_sample=self.is_sample)
        return self.package

    def _add(self, document: Document) -> None:
        if self.shape.has_kobo_spans:
            from . import kobo

            document = replace(document, content=kobo.with_spans(document.content))
        self.package.add_document(document)

    def _cover(self) -> None:
        if self.cover is None:
            return
        name = f"images/cover.{MEDIA_TYPES[self.cover.media_type]}"
        item = ebooklib_epub.EpubCover(uid="cover-image", file_name=name)
        item.media_type = self.cover.media_type
        item.content = self.cover.data
        self.package.add_item(item)
        if not self.shape.has_cover_page:
            return
        alt = attribute(f"{self.terms.cover}: {title_of(self.book, self.terms)}")
        inside = (
            f'<section epub:type="cover" class="cover"><img src="../{name}" alt="{alt}" role="doc-cover"/></section>'
        )
        page = self.markup.document(inside, self.terms.cover, "frontmatter")
        self._add(Document("cover", "text/cover.xhtml", page))
        self._mark("cover", self.terms.cover, "text/cover.xhtml")

    def _title_page(self) -> None:
        if not has_title_page(self.book):
            return
        lines = [f"<h1>{escape(title_of(self.book, self.terms))}</h1>"]
        lines += [f'<p class="{kind}">{escape(text)}</p>' for kind, text in title_lines(self.book)]
        inside = '<section epub:type="titlepage" class="titlepage">\n' + "\n".join(lines) + "\n</section>"
        page = self.markup.document(inside, title_of(self.book, self.terms), "frontmatter")
        self._add(Document("titlepage", "text/titlepage.xhtml", page))
        self._mark("titlepage", self.terms.title_page, "text/titlepage.xhtml")

    def _chapters(self) -> None:
        for index, piece in enumerate(self.survey.pieces):
            path = self.path(index)
            chapter = piece.chapter
            if chapter.pages:
                self._fixed_pages(index)
            else:
                page = self.markup.page(index)
                self._add(Document(f"text-{piece.id}", path, page, has_math=self.markup.has_math))
                self.math_pieces += self.markup.has_math
            if chapter.role in landmarks.ROLES:
                title = self.terms.title_page if chapter.role == "titlepage" else piece.title
                self._mark(chapter.role, title, path)
            if chapter.division is Division.BODY:
                self._mark("bodymatter", self.terms.start, path)

    def _fixed_pages(self, index: int) -> None:
        """Add fixed-layout pages that stand among flowing chapters. Links to them lead to the first page."""
        piece = self.survey.pieces[index]
        anchors = [place.fragment for place in self.survey.places.values() if place.piece == index and place.fragment]
        marks = iter([mark.fragment for mark in self.survey.marks if mark.piece == index])
        for number, page in enumerate(piece.chapter.pages if piece.is_first else []):
            suffix = f"-{number + 1}" if number else ""
            text = page_document(
                self.book,
                page,
                title=piece.title,
                picture=f"../images/{self.names[page.asset]}",
                style="../styles/page.css",
                mark=next(marks, "") if one_line(page.label) else "",
                anchors=[] if number else anchors,
            )
            path = self.path(index).replace(".xhtml", f"{suffix}.xhtml")
            rendition = page_rendition(page, is_alone=True)
            self.package.add_document(Document(f"text-{piece.id}{suffix}", path, text, rendition=rendition))

    def _mark(self, kind: str, title: str, path: str) -> None:
        """Add a landmark, and with cover and title page remember where the contents go."""
        if self.landmarks.add(kind, title, path) and kind in ("cover", "titlepage"):
            self.package.contents_follow = len(self.package.book.spine)

    def path(self, index: int) -> str:
        """Return the path of a piece inside the package's folder."""
        return f"text/{self.markup.file_name(index)}"

    def _sample_end(self) -> None:
        inside = f'<section class="sample-end"><p>{escape(self.terms.sample_end)}</p></section>'
        page = self.markup.document(inside, self.terms.sample_end, "backmatter")
        self._add(Document("sample-end", "text/sample-end.xhtml", page))

    def _navigation(self) -> None:
        self._mark("toc", self.terms.contents, "nav.xhtml")
        links = toc_links(self.survey, self.path, self.terms)
        nav = nav_document(self.survey, links, self.landmarks.in_order(), self.path, self.terms)
        self.package.add_navigation(nav)
        self.package.add_ncx(ncx_document(self.survey, links, self.path, self.terms, self.package.identifier))
        self.package.book.guide = self.landmarks.guide()

    def _files(self, style: bytes, faces: Sequence[File]) -> None:
        sheet = (ASSETS / f"{self.shape.sheet}.css").read_bytes()
        if self.shape.may_embed_fonts:
            sheet = author_design.addressed(style, self.names) if style else sheet
            for face in faces:
                self.package.add_file(face)
        self.package.add_file(File("style", "styles/book.css", "text/css", sheet))
        if self.book.pages:
            self.package.add_file(STYLE)
        for key, name in sorted(self.names.items()):
            asset = self.book.assets[key]
            self.package.add_file(File(f"image-{name[:_HASH_LENGTH]}", f"images/{name}", asset.media_type, asset.data))
        for name, formula in sorted(self.formulas.items()):
            self.package.add_file(File(name.partition(".")[0], f"images/{name}", formula.media_type, formula.data))
