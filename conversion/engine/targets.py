"""The pages a PDF is made for, as data: sizes, margins and type of each target.

Nothing here is computed and nothing here decides; the PDF writer reads these values. A target is added
by adding an entry.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Margins:
    """Millimetres. `inner` is the side of the spine on facing pages, the left side elsewhere."""

    top: float
    bottom: float
    inner: float
    outer: float


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of page. Lengths in millimetres, `size_pt` in points, `leading` as a multiple of the size.

    `is_facing` pages have a recto and a verso; chapters then open on a recto. `has_heads` prints running
    heads above the text, `has_contents` a contents list with page numbers, `has_cover` the cover as a first,
    unnumbered page. `smallest_pt` is the size below which nothing is scaled to make it fit.
    """

    name: str
    width_mm: float
    height_mm: float
    margins: Margins
    size_pt: float
    leading: float
    smallest_pt: float = 7.0
    is_facing: bool = False
    is_justified: bool = True
    has_heads: bool = False
    has_contents: bool = True
    has_cover: bool = True
    sink: float = 3.0  # lines of space above a chapter's title

    @property
    def measure_mm(self) -> float:
        """Width of the text."""
        return self.width_mm - self.margins.inner - self.margins.outer

    @property
    def text_height_mm(self) -> float:
        """Height of the text."""
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
        16.0,
        1.4,
        smallest_pt=14.0,
        is_facing=True,
        is_justified=False,
        has_heads=True,
        has_cover=False,
        sink=3.0,
    ),
)

TARGETS: dict[str, Target] = {target.name: target for target in _ALL}
