"""The cover sheet as a PDF: WeasyPrint lays out the text; the boxes that printers require are added afterwards.

The back text is the only text in the flow of the page, so text that does not fit creates a second page. It is then set
smaller, then cut, until there is only one page.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Name, Pdf

from ...book import isbn, names
from ...book.model import Asset, Book
from ...markup.terms import terms_for
from ...markup.text import attribute, clean, escape, language_tag
from ...markup.title import title_of
from ...pdf import style
from ...pdf.markup import ASSET
from ...pdf.weasy import Weasy
from ...typography import fonts
from ...typography.designs import Design
from ...typography.fonts import Face
from . import barcode
from .front import front_panel, ground_of, ink_on
from .geometry import BLEED_MM, SPINE_SAFE_MM, Box, Sheet

_POINTS_PER_MM = 72 / 25.4
_SIZES_PT = (11.5, 10.75, 10.0, 9.25, 8.5)
_LEADING = 1.42
_SPINE_LARGEST_PT = 15.0
_SPINE_LINE = 1.25  # of the size: the height of a line with its ascenders and descenders
_SHORTER = 0.85  # of the words remain, at each attempt
_TAG = re.compile(r"<[^>]*>")
_UPRIGHT = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


class Writer:
    """Writes the sheets of one book to a folder."""

    def __init__(self, book: Book, design: Design, cover: Asset, folder: Path) -> None:
        terms = terms_for(book.metadata.language)
        self._title = title_of(book, terms)
        self._author = names.author_line(book)
        self._language = book.metadata.language
        self._direction = book.direction
        self._paragraphs = _paragraphs(book.metadata.description)
        number = book.trade.print_isbn
        self._isbn = isbn.printed(number) if number else ""
        self._digits = isbn.thirteen_digits(number) if number else ""
        self._bars = barcode.bars(self._digits) if self._digits else None
        self._alt = f"{terms.cover}: {self._title}"
        self._design = design
        self._cover = cover
        self._folder = folder
        self._ground = ground_of(cover)

    def write(self, sheet: Sheet) -> Path:
        """Write `print-cover-<target>.pdf` and return its path. Equal books give equal bytes."""
        front = front_panel(self._cover, sheet)
        pictures = {asset.sha256: asset for asset in (front, self._bars) if asset is not None}
        weasy = Weasy(self._design, self._language, pictures, self._faces())
        path = self._folder / f"print-cover-{sheet.target}.pdf"
        _finish(self._set(weasy, sheet, front), sheet, path)
        return path

    def _faces(self) -> dict[Face, bytes]:
        scripts = fonts.scripts_in([self._title, self._author, *self._paragraphs])
        wanted = (face for face in fonts.faces_of(self._design) if face.scripts in scripts)
        return {face: content for face in wanted if (content := fonts.load(face)) is not None}

    def _set(self, weasy: Weasy, sheet: Sheet, front: Asset) -> bytes:
        for size, paragraphs in _attempts(self._paragraphs):
            rendered = weasy.rendered(self._document(sheet, front, paragraphs), self._css(sheet, size))
            if len(rendered.pages) == 1:
                break
        written: bytes = rendered.write_pdf(pdf_variant="pdf/ua-1")
        return written

    # ------------------------------------------------------------ markup

    def _document(self, sheet: Sheet, front: Asset, paragraphs: list[str]) -> str:
        language = language_tag(self._language) or "und"
        about = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
        number = f'<p class="isbn">ISBN {escape(self._isbn)}</p>' if self._isbn else ""
        return (
            f'<html lang="{language}" dir="{self._direction}"><head><title>{escape(self._title)}</title></head><body>'
            f'<div class="words">{about or "<p>&#160;</p>"}</div>'
            f'<div class="barcode"></div>{self._barcode()}{number}{self._spine(sheet)}'
            f'<img class="front" src="{ASSET}{front.sha256}" alt="{attribute(self._alt)}"/></body></html>'
        )

    def _barcode(self) -> str:
        if self._bars is None:
            return ""
        digits = "".join(f'<span class="digit digit-{place}">{one}</span>' for place, one in enumerate(self._digits))
        return f'<img class="bars" src="{ASSET}{self._bars.sha256}" alt="EAN-13"/>{digits}'

    def _spine(self, sheet: Sheet) -> str:
        if not sheet.has_spine_words:
            return ""
        words = [(name, text) for name, text in (("title", self._title), ("author", self._author)) if text]
        if _is_upright(self._title):
            lines = "".join(f'<p class="{name}">{"<br/>".join(map(escape, text))}</p>' for name, text in words)
            return f'<div class="spine upright">{lines}</div>'
        spans = "".join(f'<span class="{name}">{escape(text)}</span>' for name, text in words)
        return f'<div class="spine turned"><p>{spans}</p></div>'

    # ------------------------------------------------------------ style

    def _css(self, sheet: Sheet, size_pt: float) -> str:
        words = sheet.words
        ground = "#{:02x}{:02x}{:02x}".format(*self._ground)
        right, bottom = sheet.width_mm - words.left - words.width, sheet.height_mm - words.top - words.height
        text, heading = (style.families(name, self._language) for name in (self._design.text, self._design.heading))
        return f"""
@page {{
  size: {sheet.width_mm:.4f}mm {sheet.height_mm:.4f}mm; background: {ground};
  margin: {words.top:.4f}mm {right:.4f}mm {bottom:.4f}mm {words.left:.4f}mm;
}}
html {{ font: {size_pt}pt/{_LEADING} {text}; color: {ink_on(self._ground)}; }}
body, p {{ margin: 0; }}
.words p + p {{ margin-top: 0.6em; }}
.words {{ overflow-wrap: anywhere; orphans: 1; widows: 1; }}
.front, .barcode, .bars, .digit, .isbn, .spine {{ position: absolute; }}
.front {{ {_place(sheet.front, words)} }}
.barcode {{ background: #ffffff; {_place(sheet.barcode, words)} }}
{self._barcode_css(sheet)}
.isbn {{ font-size: 8pt; {_place(_above(sheet.barcode), words)} direction: ltr; text-align: start; }}
{self._spine_css(sheet, heading)}
"""

    def _barcode_css(self, sheet: Sheet) -> str:
        if self._bars is None:
            return ""
        bars, digits = barcode.bars_box(sheet.barcode), barcode.digit_boxes(sheet.barcode)
        places = [f".digit-{place} {{ {_place(box, sheet.words)} }}" for place, box in enumerate(digits)]
        look = ".digit { font-size: 8.5pt; line-height: 1; color: #000000; text-align: center; direction: ltr; }"
        return "\n".join([f".bars {{ {_place(bars, sheet.words)} }}", look, *places])

    def _spine_css(self, sheet: Sheet, family: str) -> str:
        """Return the CSS of the spine. Rotated text runs from top to bottom, so that it can be read when the book lies
        on its back."""
        spine, words = sheet.spine, sheet.words
        room = (spine.width - 2 * SPINE_SAFE_MM) * _POINTS_PER_MM
        longest = (spine.height - 2 * BLEED_MM) * _POINTS_PER_MM
        letters = len(self._title) + len(self._author) + 6
        is_upright = _is_upright(self._title)
        across = longest / letters / (_LEADING if is_upright else 0.56)
        size = max(4.0, min(_SPINE_LARGEST_PT, room / _SPINE_LINE, across))
        left, top = spine.left - words.left, spine.top - words.top
        common = f"font: {self._design.heading_weight} {size:.2f}pt/1 {family};"
        if is_upright:
            return (
                f".spine {{ {common} left: {left:.4f}mm; top: {top + 2 * BLEED_MM:.4f}mm; width: {spine.width:.4f}mm;"
                " text-align: center; line-height: 1.15; }\n.spine p + p { margin-top: 2em; }"
            )
        return (
            f".spine {{ {common} left: {left + spine.width:.4f}mm; top: {top:.4f}mm; width: {spine.height:.4f}mm;"
            f" height: {spine.width:.4f}mm; transform: rotate(90deg); transform-origin: 0 0; text-align: center; }}\n"
            f".spine p {{ white-space: nowrap; line-height: {spine.width:.4f}mm; }}\n"
            ".spine .author { margin-inline-start: 1.6em; font-size: 0.85em; }"
        )


def _place(box: Box, origin: Box) -> str:
    """Return the CSS position of a box, relative to the corner of the page's content area."""
    return (
        f"left: {box.left - origin.left:.4f}mm; top: {box.top - origin.top:.4f}mm; "
        f"width: {box.width:.4f}mm; height: {box.height:.4f}mm;"
    )


def _above(barcode: Box) -> Box:
    return Box(barcode.left, barcode.top - 4.5, barcode.width, 4.0)


def _attempts(paragraphs: list[str]) -> Iterator[tuple[float, list[str]]]:
    """Yield sizes from large to small, then fewer words at the smallest size."""
    for size in _SIZES_PT:
        yield size, paragraphs
    while paragraphs:
        keep = round(sum(map(len, paragraphs)) * _SHORTER)
        paragraphs = _first(paragraphs, keep)
        yield _SIZES_PT[-1], paragraphs


def _first(paragraphs: list[str], characters: int) -> list[str]:
    kept: list[str] = []
    for text in paragraphs:
        room = characters - sum(map(len, kept))
        if room <= 1:
            break
        kept.append(names.shortened(text, room))
    return kept


def _paragraphs(description: str) -> list[str]:
    """Return the description as plain paragraphs; metadata sometimes contains markup."""
    plain = clean(_TAG.sub("\n", description))
    return [line for text in plain.splitlines() if (line := " ".join(text.split()))]


def _is_upright(title: str) -> bool:
    """Return whether the letters of a title are stacked upright on a spine."""
    letters = [c for c in title if c.isalpha()]
    return bool(letters) and all(unicodedata.name(c, "").startswith(_UPRIGHT) for c in letters)


def _finish(written: bytes, sheet: Sheet, path: Path) -> None:
    """Write the page boxes: the printed area, and the area left after trimming."""
    with Pdf.open(io.BytesIO(written)) as pdf:
        page = pdf.pages[0].obj
        width, height = (float(page.MediaBox[2]), float(page.MediaBox[3]))
        bleed = round(BLEED_MM * _POINTS_PER_MM, 3)
        page.BleedBox = Array([0, 0, width, height])
        page.TrimBox = Array([bleed, bleed, round(width - bleed, 3), round(height - bleed, 3)])
        page.Tabs = Name.S
        pdf.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
