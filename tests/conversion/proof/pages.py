"""Pages made by hand: lines at the places where a setter would put them, and a source that gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from conversion.engine.proof.pages import Box, Line, OutlineEntry, Page, Picture
from conversion.engine.targets import TARGETS, Target

PHONE = TARGETS["phone"]
PRINT = TARGETS["print"]
_LINE_MM = 6.0


def line(
    text: str = "a line of plain text",
    *,
    row: int = 0,
    left: float = 0.0,
    right: float | None = None,
    size_pt: float | None = None,
    is_broken: bool = False,
    target: Target = PHONE,
) -> Line:
    """A line in the text area: `left` and `right` are distances from its edges, `row` counts from the top."""
    margins = target.margins
    top = margins.top + row * _LINE_MM
    end = target.width_mm - margins.outer - (0.0 if right is None else right)
    return Line(text, Box(margins.inner + left, top, end, top + 4), size_pt or target.size_pt, is_broken)


def page(
    *lines: Line, index: int = 1, pictures: tuple[Picture, ...] = (), has_drawing: bool = False, target: Target = PHONE
) -> Page:
    return Page(index, target.width_mm, target.height_mm, lines, pictures, has_drawing)


def full_page(index: int = 1, *, target: Target = PHONE, rows: int = 8) -> Page:
    """Nothing is wrong here."""
    return page(
        *(line(f"line {row} of page {index}", row=row, target=target) for row in range(rows)),
        index=index,
        target=target,
    )


@dataclass
class FakeSource:
    """A page source of given pages."""

    given: list[Page]
    outline: list[OutlineEntry] = field(default_factory=list)
    spaces: list[list[Box]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.given)

    def pages(self) -> Iterator[Page]:
        return iter(self.given)

    def openings(self) -> list[OutlineEntry]:
        return self.outline

    def label(self, index: int) -> str:
        return "Cover" if index == 0 else str(index)

    def gaps(self, index: int) -> list[list[Box]]:
        self.asked.append(index)
        return self.spaces

    def draw(self, index: int, width_px: int, *, in_colour: bool) -> Image.Image:
        picture = Image.new("RGB" if in_colour else "L", (width_px, width_px * 16 // 9), "white")
        ImageDraw.Draw(picture).text((20, 20), f"page {index}", fill="red" if in_colour else 0)
        return picture
