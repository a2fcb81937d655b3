"""Pages as the proof examines them: plain values, whichever engine measures them.

All lengths are millimetres from the top left corner of the page. `PageSource` is the only interface that the checks and
the drawing use; `pdfium.py` measures finished PDFs, and an engine that knows its lines may provide the same at lower
cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

from PIL import Image

from ..findings.model import PageArea
from ..targets import Target


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The point halfway between top and bottom."""
        return (self.top + self.bottom) / 2

    def joined(self, other: Box) -> Box:
        """Return the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def area(self, target: str, page: int) -> PageArea:
        """Return the box in the contract's form: tenths of a millimetre, nothing left of or above the page, `page` from
        1."""
        left, top = max(0, round(self.left * 10)), max(0, round(self.top * 10))
        width, height = round(self.right * 10) - left, round(self.bottom * 10) - top
        return PageArea(target, page, left, top, max(1, width), max(1, height))


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box around all of the boxes, of which there must be at least one."""
    return reduce(Box.joined, boxes)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line. `is_broken` lines end within a word, in a hyphen; `size_pt` is that of its smallest sample."""

    text: str
    box: Box
    size_pt: float
    is_broken: bool = False

    @property
    def shown(self) -> str:
        """The text as printed."""
        return self.text + "-" if self.is_broken else self.text


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as printed, with its size in pixels; 0 where it has none that can be read."""

    box: Box
    pixels_across: int
    pixels_down: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `index` counts from 0. `has_drawing` says that something is drawn beside text and pictures."""

    index: int
    width: float
    height: float
    lines: tuple[Line, ...]
    pictures: tuple[Picture, ...] = ()
    has_drawing: bool = False

    @property
    def is_blank(self) -> bool:
        return not (self.lines or self.pictures or self.has_drawing)

    def begins_with(self, heading: str) -> bool:
        """Return whether the heading is among the first lines; page number and running head may come before it."""
        return bool(heading) and any(line.text.strip() == heading for line in self.lines[:3])

    @property
    def text(self) -> str:
        """The words of the page, with hyphenated words put together again."""
        return "".join(line.text + ("" if line.is_broken else "\n") for line in self.lines).strip()


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """Where an outline entry begins; `index` is the page's, from 0."""

    title: str
    index: int


class PageSource(Protocol):
    """A finished PDF, page by page."""

    def __len__(self) -> int: ...

    def pages(self) -> Iterator[Page]:
        """Yield every page in order, measured."""

    def openings(self) -> list[OutlineEntry]:
        """Return the places of the outline's first level, in order."""

    def label(self, index: int) -> str:
        """Return the page's number as readers see it."""

    def gaps(self, index: int) -> list[list[Box]]:
        """Return the spaces between the words of each line of running text."""

    def draw(self, index: int, width_px: int, *, in_colour: bool) -> Image.Image:
        """Return the page as a picture of that width, RGB or grey."""


def text_area(page: Page, target: Target, *, is_rtl: bool = False) -> Box:
    """Return where the target places the page's text. On facing pages every second one is a left-hand page; books that
    are read from right to left are bound on the other side."""
    margins = target.margins
    is_bound_right = target.is_facing and (page.index % 2 == 1) != is_rtl
    left, right = (margins.outer, margins.inner) if is_bound_right else (margins.inner, margins.outer)
    return Box(left, margins.top, page.width - right, page.height - margins.bottom)


def body_of(page: Page, area: Box) -> list[Line]:
    """Return the lines that are neither running head nor page number: those whose middle is within the text's
    height."""
    return [line for line in page.lines if area.top - 1 <= line.box.middle <= area.bottom + 1]
