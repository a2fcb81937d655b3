"""The pages that PDFs are made for, as data: sizes, margins and type of each target.

Nothing here decides; the PDF writer reads these values. To add a target, add an entry. Bound books need room at the
spine, more of it the thicker they are: `with_gutter` gives a target its inner margin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Margins:
    """Margins in millimetres. `inner` is the side of the spine on facing pages, the left side elsewhere."""

    top: float
    bottom: float
    inner: float
    outer: float


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of page. Lengths in millimetres, `size_pt` in points, `leading` as a multiple of the size.

    `size_pt` and `leading` are for a font of medium width; a design has its own measures of both. `weight` is that of
    running text and its italics. `is_facing` pages are left-hand and right-hand ones; chapters then open on a
    right-hand page. `has_heads` prints running heads above the text, `has_contents` a table of contents with page
    numbers, `has_cover` the cover as a first, unnumbered page. `has_flourishes` allows initials and capitals at the
    openings of chapters. `smallest_pt` is the size below which nothing is set, running heads and notes included.
    `is_print` pages are printed and bound: they have a cover sheet (`steps/print_covers.py`).
    """

    name: str
    width_mm: float
    height_mm: float
    margins: Margins
    size_pt: float
    leading: float
    smallest_pt: float = 7.0
    weight: int = 400
    is_facing: bool = False
    is_justified: bool = True
    is_hyphenated: bool = True
    has_heads: bool = False
    has_contents: bool = True
    has_cover: bool = True
    has_flourishes: bool = True
    sink: float = 3.0  # lines of space above a chapter's title

    @property
    def is_print(self) -> bool:
        return self.is_facing

    @property
    def measure_mm(self) -> float:
        """The width of the text."""
        return self.width_mm - self.margins.inner - self.margins.outer

    @property
    def text_height_mm(self) -> float:
        """The height of the text."""
        return self.height_mm - self.margins.top - self.margins.bottom


_ALL = (
    Target("phone", 90, 160, Margins(9, 12, 8, 8), 11.5, 1.42, is_justified=False, sink=2.0),
    Target("ereader", 90, 122, Margins(7, 10, 7, 7), 10.5, 1.36, sink=1.0),
    Target("tablet", 148, 197, Margins(18, 20, 18, 18), 12.5, 1.44, has_heads=True, sink=4.0),
    Target("desktop", 240, 170, Margins(18, 20, 48, 48), 13.0, 1.46, has_heads=True, sink=2.0),
    Target(
        "print",
        148,
        210,
        Margins(20, 22, 20, 16),
        10.5,
        1.38,
        is_facing=True,
        has_heads=True,
        has_cover=False,
        sink=5.0,
    ),
    Target(
        "print-5x8",
        127,
        203.2,
        Margins(18.5, 20.5, 18, 13.5),
        10.25,
        1.36,
        is_facing=True,
        has_heads=True,
        has_cover=False,
        sink=5.0,
    ),
    Target(
        "print-5.25x8",
        133.35,
        203.2,
        Margins(18.5, 20.5, 18.5, 14.5),
        10.25,
        1.37,
        is_facing=True,
        has_heads=True,
        has_cover=False,
        sink=5.0,
    ),
    Target(
        "print-5.5x8.5",
        139.7,
        215.9,
        Margins(20, 22, 19, 15),
        10.5,
        1.38,
        is_facing=True,
        has_heads=True,
        has_cover=False,
        sink=5.0,
    ),
    Target(
        "print-6x9",
        152.4,
        228.6,
        Margins(21, 24, 21, 17),
        11.0,
        1.38,
        is_facing=True,
        has_heads=True,
        has_cover=False,
        sink=6.0,
    ),
    Target(
        "large-print",
        156,
        234,
        Margins(19, 22, 20, 15),
        16.5,
        1.32,
        smallest_pt=14.0,
        weight=500,
        is_facing=True,
        is_justified=False,
        is_hyphenated=False,
        has_flourishes=False,
        has_heads=True,
        has_cover=False,
        sink=3.0,
    ),
)

TARGETS: dict[str, Target] = {target.name: target for target in _ALL}
# The target of the printed book, and the pages that it can have.
PRINT = "print"
TRIMS = (PRINT, "print-5x8", "print-5.25x8", "print-5.5x8.5", "print-6x9")

# Up to this many pages, print-on-demand services require this margin at the spine, in millimetres: the usual steps of
# an eighth of an inch, starting at three eighths.
GUTTERS = ((150, 9.5), (300, 12.7), (500, 15.9), (700, 19.1), (10_000, 22.3))
_EDGE_MM = 9.0  # minimum of the outer margin
_STEP_MM = 1.6


def gutter_mm(pages: int) -> float:
    """Return the smallest inner margin that printers accept in a book of that many pages."""
    return next(least for most, least in GUTTERS if pages <= most or most == GUTTERS[-1][0])


def with_gutter(target: Target, pages: int) -> Target:
    """Return a target with the inner margin for about that many pages. The text width stays the same: text moves
    outwards.

    The first step has the margins of the table; each further step moves half as far as the printers' do, because the
    margins of the table are wider than theirs, until the outer margin is as narrow as looks good.
    """
    if not target.is_facing:
        return target
    step = next((n for n, (most, _) in enumerate(GUTTERS) if pages <= most), len(GUTTERS) - 1)
    margins = target.margins
    wanted = max(margins.inner + step * _STEP_MM, gutter_mm(pages) + 1.0)
    moved = min(wanted - margins.inner, margins.outer - _EDGE_MM)
    return replace(target, margins=replace(margins, inner=margins.inner + moved, outer=margins.outer - moved))
