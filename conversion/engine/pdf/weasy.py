"""WeasyPrint as a setting engine: documents of our own markup become batches.

It sets whatever plain prose is not: tables, formulas, ruby, other directions of writing, scripts that the packaged
faces lack. The font map is made by each helper itself: Pango serves it from a thread of its own, which a fork does not
copy, and a helper would wait for it for ever. WeasyPrint opens nothing itself: its fetcher knows pictures, formulas
and faces that are in memory, and refuses every other address.
"""

# WeasyPrint has no type hints, and this module extends its classes.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import weasyprint
from cssselect2.tree import ElementWrapper
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from ..book.model import Asset
from ..targets import Target
from ..typography import fonts
from ..typography.designs import Design
from ..typography.fonts import Face
from ..typography.ornaments import ORNAMENTS
from . import style, turned
from .markup import ASSET, ELSEWHERE, FORMULA
from .page_batch import PageBatch
from .weasy_pages import batch_of

_POINTS_PER_PIXEL = 0.75

for _name in ("weasyprint", "fontTools"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class _Fetcher(URLFetcher):
    """Gives what is in memory; everything else does not exist."""

    def __init__(self, engine: Weasy, formulas: Sequence[str] = (), *, is_rotated: bool = False) -> None:
        # The base class's set-up is left out: it would give this object the means to open files and addresses.
        self._fail_on_errors = False
        self._engine = engine
        self._formulas = formulas
        self._is_lying = is_rotated

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith(ASSET):
            asset = self._engine.pictures[url.removeprefix(ASSET)]
            if self._is_lying:
                data, media_type = turned.turned_picture(asset)
                return URLFetcherResponse(url, data, {"Content-Type": media_type})
            return URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})
        if url.startswith(FORMULA):
            drawing = self._formulas[int(url.removeprefix(FORMULA))]
            return URLFetcherResponse(url, drawing.encode(), {"Content-Type": "image/svg+xml"})
        if url.startswith(style.ORNAMENT):
            drawing = ORNAMENTS[url.removeprefix(style.ORNAMENT)].svg()
            return URLFetcherResponse(url, drawing.encode(), {"Content-Type": "image/svg+xml"})
        if url.startswith(style.FACE):
            file = url.removeprefix(style.FACE)
            face = next(face for face in self._engine.faces if face.file == file)
            return URLFetcherResponse(url, self._engine.faces[face])
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


class Weasy:
    """Sets documents for one book in one design. `faces` are the faces that are loaded. A book of vertical text
    `is_bound_right`; one that is written from right to left needs no saying, since WeasyPrint sees that itself."""

    def __init__(
        self,
        design: Design,
        language: str,
        pictures: Mapping[str, Asset],
        faces: Mapping[Face, bytes],
        *,
        is_bound_right: bool = False,
    ) -> None:
        self.pictures = pictures
        self.faces = faces
        self._design = design
        self._language = language
        self._is_bound_right = is_bound_right
        self._base = [self._css(style.base_css())]
        self._styles: dict[tuple[Target, bool, bool], list[weasyprint.CSS]] = {}
        self._fonts: FontConfiguration | None = None

    def _packaged(self) -> dict[bytes, int]:
        numbers = {face: number for number, face in enumerate(fonts.FACES)}
        return {content: numbers[face] for face, content in self.faces.items() if face in numbers}

    def _font_map(self) -> FontConfiguration:
        """Return this process's font map, with the packaged faces in it."""
        if self._fonts is None:
            self._fonts = FontConfiguration()
            weasyprint.CSS(string=style.face_css(self.faces), font_config=self._fonts, url_fetcher=_Fetcher(self))
        return self._fonts

    def _css(self, rules: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=rules, url_fetcher=_Fetcher(self))

    def styles(self, target: Target, *, is_verso: bool = False, is_vertical: bool = False) -> list[weasyprint.CSS]:
        """Return a target's style sheets, parsed once."""
        if self._is_bound_right and not is_vertical:
            is_verso = not is_verso  # horizontal pages of a book of vertical text: right is left
        key = (target, is_verso and target.is_facing, is_vertical)
        if key not in self._styles:
            rules = style.page_css(target, self._design, self._language, is_verso=key[1])
            if is_vertical:
                rules += turned.page_css(target, is_verso=key[1]) + style.vertical_css(self._design, self._language)
            self._styles[key] = [*self._base, self._css(rules)]
        return self._styles[key]

    def rendered(self, document: str, rules: str) -> weasyprint.Document:
        """Set a document of our own markup in these rules alone, tagged."""
        source = _Document(document, _Fetcher(self))
        sheets = [self._css(rules)]
        made: weasyprint.Document = source.render(
            font_config=self._font_map(), stylesheets=sheets, pdf_variant="pdf/ua-1"
        )
        return made

    def set_document(
        self,
        document: str,
        target: Target,
        *,
        formulas: Sequence[str] = (),
        is_verso: bool = False,
        extra_css: str = "",
        is_tagged: bool = True,
        is_vertical: bool = False,
    ) -> PageBatch:
        """Set a document of our own markup. Where it `is_vertical`, the target is one that lies on its side, and the
        pages are turned when they are set."""
        sheets = self.styles(target, is_verso=is_verso, is_vertical=is_vertical)
        if extra_css:
            sheets = [*sheets, self._css(extra_css)]
        options: dict[str, Any] = {"pdf_variant": "pdf/ua-1"} if is_tagged else {}
        source = _Document(document, _Fetcher(self, formulas, is_rotated=is_vertical))
        rendered = source.render(font_config=self._font_map(), stylesheets=sheets, **options)
        batch = batch_of(rendered, self._packaged(), ELSEWHERE, is_tagged=is_tagged)
        batch.anchors = _anchors(rendered)
        if is_vertical:
            turned.turn(batch)
        return batch


def _anchors(rendered: weasyprint.Document) -> dict[str, tuple[int, float, float]]:
    found: dict[str, tuple[int, float, float]] = {}
    for number, page in enumerate(rendered.pages):
        for name, box in page.anchors.items():
            x, y = box[0], box[1]
            found.setdefault(name, (number, x * _POINTS_PER_PIXEL, (page.height - y) * _POINTS_PER_PIXEL))
    return found
