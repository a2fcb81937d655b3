"""Setting: one part of the book for one target becomes one small PDF, with what the joiner must know about it.

Everything slow to prepare (WeasyPrint, faces, style sheets, the survey) is prepared once in the parent process and
inherited by the forked helpers. Only the font map is made by each helper itself: Pango serves it from a thread of
its own, which a fork does not copy, and a helper would wait for it for ever. WeasyPrint opens nothing itself: its
fetcher knows pictures, formulas and faces that are in memory, and refuses every other address.
"""

# WeasyPrint has no type hints, and this module extends its classes.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import weasyprint
from cssselect2.tree import ElementWrapper
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from .. import fonts
from ..book import Asset, Book
from ..designs import DESIGNS, Design
from ..fonts import Face
from ..initials import Initials
from ..markup.survey import Survey, survey
from ..markup.walk import plain
from ..ornaments import ORNAMENTS
from ..targets import Target
from . import style
from .loosen import loosen
from .markup import ASSET, ELSEWHERE, FORMULA, PdfMarkup

PIECE_CHARACTERS = 400_000
VERSO_ROLES = ("copyright-page", "imprint")
_POINTS_PER_PIXEL = 0.75

for _name in ("weasyprint", "fontTools"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was set. `path` is the file of its sheaf (`sheaf.py`). `anchors` maps ids to (page from 0, x, y)
    in points from the bottom left."""

    path: str
    pages: int
    anchors: dict[str, tuple[int, float, float]] = field(default_factory=dict)


class _Fetcher(URLFetcher):
    """Gives what is in memory; everything else does not exist."""

    def __init__(self, press: Press, formulas: Sequence[str] = ()) -> None:
        # The base class's set-up is left out: it would give this object the means to open files and addresses.
        self._fail_on_errors = False
        self._press = press
        self._formulas = formulas

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith(ASSET):
            asset = self._press.pictures[url.removeprefix(ASSET)]
            return URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})
        if url.startswith(FORMULA):
            drawing = self._formulas[int(url.removeprefix(FORMULA))]
            return URLFetcherResponse(url, drawing.encode(), {"Content-Type": "image/svg+xml"})
        if url.startswith(style.ORNAMENT):
            drawing = ORNAMENTS[url.removeprefix(style.ORNAMENT)].svg()
            return URLFetcherResponse(url, drawing.encode(), {"Content-Type": "image/svg+xml"})
        if url.startswith(style.FACE):
            file = url.removeprefix(style.FACE)
            face = next(face for face in self._press.faces if face.file == file)
            return URLFetcherResponse(url, self._press.faces[face])
        raise ValueError("this address is not in the book")


class _Document(weasyprint.HTML):  # type: ignore[misc, unused-ignore]
    """A document WeasyPrint need not parse as HTML: our markup is XML already, which is ten times faster."""

    def __init__(self, markup: str, fetcher: URLFetcher) -> None:
        root = ElementTree.fromstring(markup)  # noqa: S314  # markup we wrote ourselves
        self.base_url = ""
        self.url_fetcher = fetcher
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root


class Press:
    """Sets the parts of one book. `folder` takes the parts and WeasyPrint's temporary files."""

    def __init__(
        self,
        book: Book,
        folder: Path,
        cover: Asset | None,
        design: Design = DESIGNS["classic"],
        font_folders: Sequence[Path] = fonts.DEFAULT_FOLDERS,
    ) -> None:
        self.book = book
        self.folder = folder
        self.cover = cover
        self.design = design
        self.survey: Survey = survey(book, piece_characters=PIECE_CHARACTERS)
        self.pictures = dict(book.assets) | ({cover.sha256: cover} if cover else {})
        self.language = book.metadata.language
        self.is_described = self.survey.features.images_without_alt == 0
        self._styles: dict[tuple[str, bool], list[weasyprint.CSS]] = {}
        self._base = [self._css(style.base_css())]
        self._folders = font_folders
        self._scripts = self._scripts_of_book()
        self.faces: dict[Face, bytes] = {}  # those this book needs, as far as they are installed
        self.load_faces(400)
        self.initials = Initials(design, self.faces)
        self._fonts: FontConfiguration | None = None

    def _scripts_of_book(self) -> set[str]:
        texts = [plain(chapter.blocks) for chapter in self.book.chapters]
        texts += [plain(note.blocks) for note in self.book.notes.values()]
        texts += [self.book.metadata.title, self.book.metadata.subtitle]
        texts += [person.name for person in self.book.metadata.contributors]
        return fonts.scripts_in(texts)

    def load_faces(self, weight: int) -> None:
        """Load the packaged faces of the design with running text in this weight."""
        for face in fonts.faces_of(self.design, weights=(weight,)):
            if face.scripts in self._scripts and face not in self.faces:
                content = fonts.load(face, self._folders)
                if content is not None:
                    self.faces[face] = content

    def _packaged(self) -> dict[bytes, int]:
        return {content: fonts.FACES.index(face) for face, content in self.faces.items()}

    def _font_map(self) -> FontConfiguration:
        """Return this process's font map, with the packaged faces in it."""
        if self._fonts is None:
            self._fonts = FontConfiguration()
            weasyprint.CSS(string=style.face_css(self.faces), font_config=self._fonts, url_fetcher=_Fetcher(self))
        return self._fonts

    def _css(self, rules: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=rules, url_fetcher=_Fetcher(self))

    def styles(self, target: Target, *, is_verso: bool = False) -> list[weasyprint.CSS]:
        """Return a target's style sheets, parsed once."""
        key = (target.name, is_verso and target.is_facing)
        if key not in self._styles:
            self.load_faces(target.weight)
            page = self._css(style.page_css(target, self.design, self.language, is_verso=key[1]))
            self._styles[key] = [*self._base, page]
        return self._styles[key]

    def face(self, number: int) -> bytes:
        """Return the bytes of a packaged face by its place in `fonts.FACES`. Raises LookupError where it is not loaded."""
        return self.faces[fonts.FACES[number]]

    def set_piece(self, target: Target, index: int) -> Part:
        """Set one piece of the book."""
        markup = PdfMarkup(self.survey, target, self.design, self.initials)
        document = markup.page(index)
        is_verso = self.survey.pieces[index].chapter.role in VERSO_ROLES
        return self.set_document(
            document, target, f"{target.name}-{index}", formulas=markup.formulas, is_verso=is_verso
        )

    def set_document(
        self,
        document: str,
        target: Target,
        name: str,
        *,
        formulas: Sequence[str] = (),
        is_verso: bool = False,
        extra_css: str = "",
        is_tagged: bool = True,
    ) -> Part:
        """Set a document of our own markup and write it to the folder under a name."""
        sheets = self.styles(target, is_verso=is_verso)
        if extra_css:
            sheets = [*sheets, self._css(extra_css)]
        options: dict[str, Any] = {"pdf_variant": "pdf/ua-1"} if is_tagged else {}
        source = _Document(document, _Fetcher(self, formulas))
        rendered = source.render(font_config=self._font_map(), stylesheets=sheets, **options)
        sheaf = loosen(rendered, self._packaged(), ELSEWHERE, is_tagged=is_tagged)
        sheaf.anchors = _anchors(rendered)
        path = self.folder / f"{name}.part"
        sheaf.write(path)
        return Part(str(path), len(sheaf.leaves), sheaf.anchors)


def _anchors(rendered: weasyprint.Document) -> dict[str, tuple[int, float, float]]:
    found: dict[str, tuple[int, float, float]] = {}
    for number, page in enumerate(rendered.pages):
        for name, box in page.anchors.items():
            x, y = box[0], box[1]
            found.setdefault(name, (number, x * _POINTS_PER_PIXEL, (page.height - y) * _POINTS_PER_PIXEL))
    return found
