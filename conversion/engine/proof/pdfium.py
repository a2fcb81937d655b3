"""Measure a finished PDF with pdfium. About 1.1 ms of CPU per page, two thirds of it pdfium's own parsing.

pdfium marks the end of a line with CR LF, and one that ends within a word with U+FFFE in place of the hyphen. Closing a
document early closes its pages too, so pages are closed one by one here.
"""

# pypdfium2's own helpers have no type hints.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw
from PIL import Image

from ..errors import PlatformFault
from .pages import Box, Line, OutlineEntry, Page, Picture, around

c: Any = pypdfium2.raw  # bindings made from the header files, without types

_MM_PER_POINT = 25.4 / 72
_LINE_ENDS = re.compile(r"\r\n|[\ufffe\r\n\x02]")
_BROKEN = ("\ufffe", "\x02")
_MAX_OBJECTS = 4000


class PdfiumPages:
    """The pages of one PDF file. Close it, or use it in a `with` statement. Raises PlatformFault for a file that is not
    a PDF."""

    def __init__(self, path: Path) -> None:
        try:
            self._pdf = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise PlatformFault("pdf.failed", reason="unreadable") from error
        self._rect = [ctypes.c_double() for _ in range(4)]
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self._matrix = c.FS_MATRIX()

    def __enter__(self) -> PdfiumPages:
        return self

    def __exit__(self, *_: object) -> None:
        self._pdf.close()

    def __len__(self) -> int:
        return len(self._pdf)

    def pages(self) -> Iterator[Page]:
        """Yield every page in order, measured."""
        for index in range(len(self)):
            with self._open(index) as page:
                width, height = c.FPDF_GetPageWidthF(page), c.FPDF_GetPageHeightF(page)
                pictures, has_drawing = self._objects(page, height)
                yield Page(
                    index,
                    width * _MM_PER_POINT,
                    height * _MM_PER_POINT,
                    tuple(self._lines(page, height)),
                    pictures,
                    has_drawing,
                )

    def openings(self) -> list[OutlineEntry]:
        """Return the places of the outline's first level, in order."""
        return list(self._openings)

    @cached_property
    def _openings(self) -> tuple[OutlineEntry, ...]:
        found = []
        for mark in self._pdf.get_toc(max_depth=2):
            place = mark.get_dest() if mark.level == 0 else None
            index = place.get_index() if place is not None else None
            if index is not None:
                found.append(OutlineEntry(mark.get_title(), index))
        return tuple(sorted(found, key=lambda opening: opening.index))

    def label(self, index: int) -> str:
        """Return the page's number as readers see it."""
        return self._pdf.get_page_label(index) or str(index + 1)

    def gaps(self, index: int) -> list[list[Box]]:
        """Return the spaces between the words of each line."""
        with self._open(index) as page, self._open_text(page) as text:
            height = c.FPDF_GetPageHeightF(page)
            return [self._gaps_of(text, start, line, height) for start, line, _ in _cut(_text(text))]

    def draw(self, index: int, width_px: int, *, in_colour: bool) -> Image.Image:
        """Return the page as a picture of that width, RGB or grey."""
        page = self._pdf[index]
        try:
            scale = width_px / page.get_width()
            bitmap = page.render(scale=scale, grayscale=not in_colour, may_draw_forms=False, draw_annots=False)
            picture: Image.Image = bitmap.to_pil().copy()
            bitmap.close()
        finally:
            page.close()
        return picture.crop((0, 0, width_px, picture.height))  # pdfium rounds up

    # ------------------------------------------------------------ text

    def _lines(self, page: Any, height: float) -> Iterator[Line]:
        with self._open_text(page) as text:
            for start, line, is_broken in _cut(_text(text)):
                boxes = self._boxes_of(text, start, len(line), height)
                if _are_beside(boxes):
                    yield Line(line, around(boxes), self._size_of(text, start, line), is_broken)
                elif boxes:
                    yield from self._apart(text, start, line, height)

    def _apart(self, text: Any, start: int, line: str, height: float) -> Iterator[Line]:
        """Yield the parts at different heights of what pdfium reports as one line, such as a running head and a page
        number."""
        words: list[str] = []
        box: Box | None = None
        for match in re.finditer(r"\S+", line):
            boxes = self._boxes_of(text, start + match.start(), len(match.group()), height)
            if box is not None and boxes and not _are_beside([box, *boxes]):
                yield Line(" ".join(words), box, self._size_of(text, start + match.start(), match.group()))
                words, box = [], None
            words.append(match.group())
            box = around([*boxes, box] if box else boxes) if boxes else box
        if box is not None:
            yield Line(" ".join(words), box, self._size_of(text, start + len(line) - 1, line[-1]))

    def _boxes_of(self, text: Any, start: int, count: int, height: float) -> list[Box]:
        """Return the boxes around that many characters, one per run; none where they have no position of their own."""
        boxes: list[Box] = []
        left, top, right, bottom = self._rect
        for number in range(c.FPDFText_CountRects(text, start, count)):
            c.FPDFText_GetRect(text, number, left, top, right, bottom)
            one = Box(
                left.value * _MM_PER_POINT,
                (height - top.value) * _MM_PER_POINT,
                right.value * _MM_PER_POINT,
                (height - bottom.value) * _MM_PER_POINT,
            )
            if one.width or one.height:  # characters not drawn as glyphs have an empty box
                boxes.append(one)
        return boxes

    def _size_of(self, text: Any, start: int, line: str) -> float:
        """Return the type size around the line's middle, where an initial never and a note's mark hardly ever is."""
        middle = len(line) // 2
        place = start + next((at for at in (*range(middle, len(line)), *range(middle)) if not line[at].isspace()), 0)
        c.FPDFText_GetMatrix(text, place, self._matrix)
        return float(c.FPDFText_GetFontSize(text, place) * abs(self._matrix.d or self._matrix.b))

    def _gaps_of(self, text: Any, start: int, line: str, height: float) -> list[Box]:
        """Return the gaps from the end of each word to the start of the next. A space itself is often not printed."""
        found: list[Box] = []
        for match in re.finditer(r"(?<=\S) +(?=\S)", line):
            before = self._boxes_of(text, start + match.start() - 1, 1, height)
            after = self._boxes_of(text, start + match.end(), 1, height)
            if before and after and before[0].right < after[0].left:
                found.append(Box(before[0].right, before[0].top, after[0].left, before[0].bottom))
        return found

    # ------------------------------------------------------------ what else is on the page

    def _objects(self, page: Any, height: float) -> tuple[tuple[Picture, ...], bool]:
        pictures: list[Picture] = []
        has_drawing = False
        for number in range(min(c.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
            thing = c.FPDFPage_GetObject(page, number)
            kind = c.FPDFPageObj_GetType(thing)
            if kind == c.FPDF_PAGEOBJ_IMAGE:
                pictures.append(self._picture(thing, height))
            elif kind in (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_SHADING):
                has_drawing = True
        return tuple(pictures), has_drawing

    def _picture(self, thing: Any, height: float) -> Picture:
        left, bottom, right, top = self._bounds
        c.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
        across, down = ctypes.c_uint(), ctypes.c_uint()
        c.FPDFImageObj_GetImagePixelSize(thing, across, down)
        box = Box(
            left.value * _MM_PER_POINT,
            (height - top.value) * _MM_PER_POINT,
            right.value * _MM_PER_POINT,
            (height - bottom.value) * _MM_PER_POINT,
        )
        return Picture(box, across.value, down.value)

    @contextmanager
    def _open(self, index: int) -> Iterator[Any]:
        page = c.FPDF_LoadPage(self._pdf.raw, index)
        if not page:
            raise PlatformFault("pdf.failed", reason="page")
        try:
            yield page
        finally:
            c.FPDF_ClosePage(page)

    @contextmanager
    def _open_text(self, page: Any) -> Iterator[Any]:
        text = c.FPDFText_LoadPage(page)
        try:
            yield text
        finally:
            c.FPDFText_ClosePage(text)


def _are_beside(boxes: list[Box]) -> bool:
    """Return whether each box overlaps the first vertically."""
    return bool(boxes) and all(box.top < boxes[0].bottom and boxes[0].top < box.bottom for box in boxes)


def _text(text: Any) -> str:
    count = c.FPDFText_CountChars(text)
    buffer = (ctypes.c_ushort * (count + 1))()
    c.FPDFText_GetText(text, 0, count, buffer)
    return bytes(buffer)[: count * 2].decode("utf-16-le", "replace")


def _cut(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines of a page: where each begins, its text, and whether it ends within a word."""
    start = 0
    for end in _LINE_ENDS.finditer(text):
        if line := text[start : end.start()]:
            yield start, line, end.group() in _BROKEN
        start = end.end()
    if rest := text[start:].rstrip("\x00"):
        yield start, rest, False
