"""Drawing a rebuilt page: WeasyPrint sets it on a page of its viewport, pdfium draws that and tells where words are.

A browser would be the reference for such pages and is far too much to have inside the sandbox. WeasyPrint knows
absolute places, sizes, faces, colours and turns, which is what fixed pages are made of. Both run in a helper process.
"""

# WeasyPrint has no type hints, and this module extends its classes.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import base64
import logging
import re
from typing import Any

import pypdfium2 as pdfium
import weasyprint
from lxml import etree
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from ....book.model import Asset
from ...pdf import PT_TO_PX, DrawnPage, drawn
from ...pdf.text import lines_of
from .markup import PICTURE, Sheet
from .styles import Face

FACE = "octavo-face:"
MAX_SIDE_PX = 2400
_INSIDE = re.compile(r"data:(image/(?:jpeg|png));base64,")
SHORTEST_SIDE_PX = 1600  # of the longer side: letters stay sharp where the viewport is small

for _name in ("weasyprint", "fontTools"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class _Fetcher(URLFetcher):
    """Gives pictures and faces that are in memory; everything else does not exist."""

    def __init__(self, assets: dict[str, Asset], faces: list[bytes]) -> None:
        # The base class's set-up is left out: it would give this object the means to open files and addresses.
        self._fail_on_errors = False
        self._assets = assets
        self._faces = faces

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url.startswith(PICTURE):
            asset = self._assets[url.removeprefix(PICTURE)]
            return URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})
        if url.startswith(FACE):
            return URLFetcherResponse(url, self._faces[int(url.removeprefix(FACE))])
        if match := _INSIDE.match(url):  # pictures inside a drawing, which `images/svg.py` wrote there
            return URLFetcherResponse(url, base64.b64decode(url[match.end() :]), {"Content-Type": match.group(1)})
        raise ValueError("this address is not in the book")


class PageDrawer:
    """Draws sheets by their number, in a helper process, with or without their design."""

    def __init__(self, sheets: list[Sheet], assets: dict[str, Asset], faces: list[tuple[Face, bytes]]) -> None:
        self.sheets = sheets
        self._fetcher = _Fetcher(assets, [data for _, data in faces])
        self._face_css = "\n".join(
            f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
            f'src: url("{FACE}{number}") }}'
            for number, (face, _) in enumerate(faces)
        )
        self._fonts: FontConfiguration | None = None

    def __call__(self, task: tuple[int, bool]) -> DrawnPage:
        number, is_plain = task
        sheet = self.sheets[number].plain() if is_plain else self.sheets[number]
        document = pdfium.PdfDocument(self._set(sheet))
        page = document.get_page(0)
        try:
            width, height = (length * PT_TO_PX for length in page.get_size())
            longest = min(MAX_SIDE_PX, max(SHORTEST_SIDE_PX, 2 * max(sheet.width, sheet.height)))
            asset = drawn(page, sheet.name, longest)
            return DrawnPage(asset, width, height, lines_of(page, width, height))
        finally:
            page.close()
            document.close()

    def _set(self, sheet: Sheet) -> bytes:
        if self._fonts is None:
            self._fonts = FontConfiguration()
            weasyprint.CSS(string=self._face_css, font_config=self._fonts, url_fetcher=self._fetcher)
        page = (
            f"@page {{ size: {sheet.width}px {sheet.height}px; margin: 0 }}"
            "html { background: white } body { position: relative }"
        )
        root = etree.Element("html", lang=sheet.language or "und")
        root.append(sheet.body)
        markup = etree.tostring(root, method="html", encoding="unicode")
        styles = [weasyprint.CSS(string=css, url_fetcher=self._fetcher) for css in (page, sheet.css)]
        source = weasyprint.HTML(string=markup, url_fetcher=self._fetcher, base_url="")
        made: bytes = source.write_pdf(stylesheets=styles, font_config=self._fonts, pdf_identifier=b"octavo")
        return made
