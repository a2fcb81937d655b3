"""The words of a PDF page with their places: pdfium's characters gathered into lines, lines into paragraphs.

All lengths that leave here are in pixels of CSS (96 to an inch) from the top left of the page as it is shown.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw

from ...book import clean
from ...book.page import SOFT_HYPHEN, PageText

pdfium_c: Any = pypdfium2.raw  # generated bindings, without types

MAX_CHARACTERS = 30_000  # of one page: a newspaper's has half of that
_GAP = 2.2  # of the line's height: a wider gap parts columns
_LINE_GAP = 0.9
_SAME_HEIGHT = 1.35
_HYPHEN = 2  # how pdfium marks a hyphen at the end of a line
_END_HYPHENS = (SOFT_HYPHEN, "\u2010")
_DEVICE = 10_000  # device units for the page's longer side, when corners are asked for


@dataclass(slots=True)
class _Line:
    """Characters side by side; the box is in the page's own space, y upwards."""

    characters: list[int] = field(default_factory=list)
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0

    def add(self, character: int, box: tuple[float, float, float, float]) -> None:
        if self.characters:
            self.left, self.bottom = min(self.left, box[0]), min(self.bottom, box[1])
            self.right, self.top = max(self.right, box[2]), max(self.top, box[3])
        else:
            self.left, self.bottom, self.right, self.top = box
        self.characters.append(character)


def lines_of(page: pdfium.PdfPage, width: float, height: float) -> list[PageText]:
    """The page's lines in the order pdfium reads them; `width` and `height` are the page's, in CSS pixels."""
    textpage = page.get_textpage()
    try:
        found = [line for line in _lines(textpage) if line.characters]
        places = [_place(page, line, width, height) for line in found]
    finally:
        textpage.close()
    made: list[PageText] = []
    for line, (x, y, w, h) in zip(found, places, strict=True):
        text = _text(line.characters)
        if text and w > 0 and h > 0 and -w < x < width and -h < y < height:
            block = _block(made, x, y, w, h)
            made.append(PageText(text, round(x, 1), round(y, 1), round(w, 1), round(h, 1), "", block))
    return made


def _lines(textpage: pdfium.PdfTextPage) -> Iterator[_Line]:
    line = _Line()
    rectangle = pdfium_c.FS_RECTF()
    address = ctypes.byref(rectangle)
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        character = pdfium_c.FPDFText_GetUnicode(textpage, index)
        if character in (10, 13):
            yield line
            line = _Line()
        elif character in (32, 0xA0, _HYPHEN):
            if line.characters:
                line.characters.append(character)
        elif pdfium_c.FPDFText_GetLooseCharBox(textpage, index, address):
            box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            if line.characters and _is_apart(line, box):
                yield line
                line = _Line()
            line.add(character, box)
    yield line


def _is_apart(line: _Line, box: tuple[float, float, float, float]) -> bool:
    height = max(line.top - line.bottom, 1.0)
    return box[0] > line.right + _GAP * height or box[0] < line.left - _GAP * height - (line.right - line.left)


def _text(characters: list[int]) -> str:
    """As a string; the pairs in which pdfium gives characters beyond the first plane are joined."""
    raw = "".join(chr(c) for c in characters if c != _HYPHEN and c < 0x110000)
    text = clean.text(raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    text = " ".join(text.split())
    ends_in_word = characters[-1] == _HYPHEN or text.endswith(_END_HYPHENS)
    text = text.rstrip("".join(_END_HYPHENS)).replace(SOFT_HYPHEN, "")
    return f"{text}{SOFT_HYPHEN}" if ends_in_word and text else text


def _place(page: pdfium.PdfPage, line: _Line, width: float, height: float) -> tuple[float, float, float, float]:
    """The line's box on the page as shown: rotation and cropping are pdfium's to know."""
    scale = _DEVICE / max(width, height, 1.0)
    x, y = ctypes.c_int(), ctypes.c_int()
    corners: list[tuple[float, float]] = []
    for corner in ((line.left, line.top), (line.right, line.bottom)):
        pdfium_c.FPDF_PageToDevice(
            page, 0, 0, round(width * scale), round(height * scale), 0, *corner, ctypes.byref(x), ctypes.byref(y)
        )
        corners.append((x.value / scale, y.value / scale))
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)


def _block(before: list[PageText], x: float, y: float, w: float, h: float) -> int:
    """The number of the paragraph a line belongs to: that of the line before, where it stands right under it."""
    if not before:
        return 0
    last = before[-1]
    is_like = max(last.h, h) < _SAME_HEIGHT * min(last.h, h)
    is_under = -0.5 * h < y - (last.y + last.h) < _LINE_GAP * h
    overlaps = min(last.x + last.w, x + w) > max(last.x, x)
    return last.block if is_like and is_under and overlaps else last.block + 1
