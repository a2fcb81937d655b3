"""A Book as EPUB 3.3, with EPUB Accessibility 1.1, valid for EPUBCheck without errors or warnings.

EbookLib holds the package: metadata, manifest, spine. The chapters are written as strings here, once, and
the archive is packed with fixed times, so that equal input gives equal bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from ebooklib import epub as ebooklib_epub

from ..book import Asset, Book, Division
from ..markup.pages import page_document
from ..markup.survey import MEDIA_TYPES, Survey, survey
from ..markup.text import attribute, escape, language_tag, one_line
from ..markup.xhtml import XhtmlMarkup, asset_names
from ..terms import Terms, terms_for
from .fixed import STYLE, page_rendition, write_fixed
from .metadata import describe, identifier_of, title_of
from .navigation import Landmark, nav_document, ncx_document, toc_links
from .package import Document, File, Package, PackageWriter

PIECE_CHARACTERS = 200_000
_HASH_LENGTH = 20
_OWN_PAGES = ("cover", "titlepage", "sample-end")

__all__ = ["write_epub"]


def write_epub(book: Book, out: Path, *, cover: Asset | None, modified: str, sample: bool = False) -> None:
    """Write the EPUB to `out`. `modified` is an ISO 8601 moment; without an offset it is taken as UTC.

    A cover of None means the source's own, if it has one. A sample says so in its metadata, has an identifier
    of its own and ends with a page that tells the reader. Raises ValueError for a `modified` that is no moment.
    """
    moment = _moment(modified)
    if cover is None:
        cover = book.assets.get(book.cover)
    if cover is not None and cover.media_type not in MEDIA_TYPES:
        cover = None
    if book.is_fixed:
        write_fixed(book, out, cover=cover, moment=moment, is_sample=sample)
        return
    looked = survey(book, piece_characters=PIECE_CHARACTERS, reserved=_OWN_PAGES)
    package = _Builder(looked, cover, is_sample=sample).build()
    PackageWriter(package, moment).write_to(out)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class _Builder:
    """Puts one package together, in reading order."""

    def __init__(self, looked: Survey, cover: Asset | None, *, is_sample: bool) -> None:
        self.survey = looked
        self.book = looked.book
        self.cover = cover
        self.is_sample = is_sample
        self.terms: Terms = terms_for(self.book.metadata.language)
        self.names = asset_names(looked, length=_HASH_LENGTH)
        self.markup = XhtmlMarkup(looked, assets="../images/", asset_names=self.names, style="../styles/book.css")
        self.package = Package(
            self.book,
            language_tag(self.book.metadata.language) or "und",
            identifier_of(self.book, is_sample=is_sample),
        )
        self.landmarks: list[Landmark] = []
        self.math_pieces = 0

    def build(self) -> Package:
        """Return the finished package."""
        self._cover()
        self._title_page()
        self._chapters()
        if self.is_sample:
            self._sample_end()
        self._navigation()
        self._files()
        describe(self.package, self.survey, has_math=self.math_pieces > 0, is_sample=self.is_sample)
        return self.package

    def _cover(self) -> None:
        if self.cover is None:
            return
        name = f"images/cover.{MEDIA_TYPES[self.cover.media_type]}"
        item = ebooklib_epub.EpubCover(uid="cover-image", file_name=name)
        item.media_type = self.cover.media_type
        item.content = self.cover.data
        self.package.add_item(item)
        alt = attribute(f"{self.terms.cover}: {title_of(self.book, self.terms)}")
        inside = (
            f'<section epub:type="cover" class="cover"><img src="../{name}" alt="{alt}" role="doc-cover"/></section>'
        )
        page = self.markup.document(inside, self.terms.cover, "frontmatter")
        self.package.add_document(Document("cover", "text/cover.xhtml", page))
        self._mark("cover", self.terms.cover, "text/cover.xhtml")

    def _title_page(self) -> None:
        if any(chapter.role == "titlepage" for chapter in self.book.chapters):
            return
        metadata = self.book.metadata
        lines = [f"<h1>{escape(title_of(self.book, self.terms))}</h1>"]
        if subtitle := one_line(metadata.subtitle):
            lines.append(f'<p class="subtitle">{escape(subtitle)}</p>')
        names = [one_line(person.name) for person in metadata.contributors if person.role == "aut"]
        lines.extend(f'<p class="author">{escape(name)}</p>' for name in names if name)
        if publisher := one_line(metadata.publisher):
            lines.append(f'<p class="publisher">{escape(publisher)}</p>')
        inside = '<section epub:type="titlepage" class="titlepage">\n' + "\n".join(lines) + "\n</section>"
        page = self.markup.document(inside, title_of(self.book, self.terms), "frontmatter")
        self.package.add_document(Document("titlepage", "text/titlepage.xhtml", page))
        self._mark("titlepage", self.terms.title_page, "text/titlepage.xhtml")

    def _chapters(self) -> None:
        for index, piece in enumerate(self.survey.pieces):
            path = self.path(index)
            if piece.chapter.pages:
                self._fixed_pages(index)
            else:
                page = self.markup.page(index)
                self.package.add_document(Document(f"text-{piece.id}", path, page, has_math=self.markup.has_math))
                self.math_pieces += self.markup.has_math
            if piece.chapter.role == "titlepage":
                self._mark("titlepage", self.terms.title_page, path)
            if piece.chapter.division is Division.BODY:
                self._mark("bodymatter", self.terms.start, path)

    def _fixed_pages(self, index: int) -> None:
        """Pages of fixed layout among flowing chapters. Links into them lead to the first."""
        piece = self.survey.pieces[index]
        anchors = [place.fragment for place in self.survey.places.values() if place.piece == index and place.fragment]
        for number, page in enumerate(piece.chapter.pages if piece.is_first else []):
            suffix = f"-{number + 1}" if number else ""
            text = page_document(
                self.book,
                page,
                title=piece.title,
                picture=f"../images/{self.names[page.asset]}",
                style="../styles/page.css",
                anchors=[] if number else anchors,
            )
            path = self.path(index).replace(".xhtml", f"{suffix}.xhtml")
            rendition = page_rendition(page, is_alone=True)
            self.package.add_document(Document(f"text-{piece.id}{suffix}", path, text, rendition=rendition))

    def _mark(self, kind: str, title: str, path: str) -> None:
        """Add a landmark, and with the title page the place where the contents go; the first of a kind counts."""
        if all(landmark.kind != kind for landmark in self.landmarks):
            self.landmarks.append(Landmark(kind, title, path))
            if kind in ("cover", "titlepage"):
                self.package.contents_follow = len(self.package.book.spine)

    def path(self, index: int) -> str:
        """Return the path of a piece inside the package's folder."""
        return f"text/{self.markup.file_name(index)}"

    def _sample_end(self) -> None:
        inside = f'<section class="sample-end"><p>{escape(self.terms.sample_end)}</p></section>'
        page = self.markup.document(inside, self.terms.sample_end, "backmatter")
        self.package.add_document(Document("sample-end", "text/sample-end.xhtml", page))

    def _navigation(self) -> None:
        self._mark("toc", self.terms.contents, "nav.xhtml")
        links = toc_links(self.survey, self.path, self.terms)
        nav = nav_document(self.survey, links, self.landmarks, self.path, self.terms)
        self.package.add_navigation(nav)
        self.package.add_ncx(ncx_document(links, self.package.identifier, title_of(self.book, self.terms)))

    def _files(self) -> None:
        style = files(__package__.rpartition(".")[0]).joinpath("assets/epub.css").read_bytes()
        self.package.add_file(File("style", "styles/book.css", "text/css", style))
        if self.book.pages:
            self.package.add_file(STYLE)
        for key, name in sorted(self.names.items()):
            asset = self.book.assets[key]
            self.package.add_file(File(f"image-{name[:_HASH_LENGTH]}", f"images/{name}", asset.media_type, asset.data))
