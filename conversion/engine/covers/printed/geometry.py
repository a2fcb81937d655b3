"""The dimensions of a printed cover, as data, and the position of its parts.

The figures are the requirements of Kindle Direct Publishing for paperback covers ("Create a Paperback Cover" and
"Paperback Submission Guidelines", kdp.amazon.com/help, as published in 2025); other print-on-demand services require no
more.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...book.model import Asset

_INCH = 25.4
BLEED_MM = 0.125 * _INCH
SAFE_MM = 0.375 * _INCH  # free of words inside the trimmed edge: an eighth of an inch more than required
SPINE_SAFE_MM = 0.0625 * _INCH  # on both sides of the spine text, which may shift that much in binding
SPINE_WORDS_PAGES = 79  # below this a spine has no text
BARCODE_MM = (2.0 * _INCH, 1.2 * _INCH)
BARCODE_EDGE_MM = 0.25 * _INCH  # from the trimmed edges


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. `page_mm` is the thickness of one page, half that of a leaf."""

    name: str
    page_mm: float


_ALL = (
    Paper("cream", 0.0025 * _INCH),
    Paper("white", 0.002252 * _INCH),
    Paper("colour", 0.002347 * _INCH),
)
PAPERS: dict[str, Paper] = {paper.name: paper for paper in _ALL}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in millimetres from the left and the top edge of the sheet."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One unfolded cover with its bleed. `trim_width_mm` and `trim_height_mm` are those of a page of the book.

    Books read from right to left are bound on the right: their front is on the left of the sheet.
    """

    target: str
    trim_width_mm: float
    trim_height_mm: float
    pages: int
    paper: Paper
    is_rtl: bool = False

    @property
    def spine_mm(self) -> float:
        """The width of the spine. Each leaf has two pages."""
        return (self.pages + self.pages % 2) * self.paper.page_mm

    @property
    def has_spine_words(self) -> bool:
        return self.pages >= SPINE_WORDS_PAGES

    @property
    def width_mm(self) -> float:
        return 2 * (self.trim_width_mm + BLEED_MM) + self.spine_mm

    @property
    def height_mm(self) -> float:
        return self.trim_height_mm + 2 * BLEED_MM

    @property
    def front(self) -> Box:
        """The front, with the bleed on its three free edges."""
        side = self.trim_width_mm + BLEED_MM
        return Box(0.0 if self.is_rtl else side + self.spine_mm, 0.0, side, self.height_mm)

    @property
    def back(self) -> Box:
        """The back as trimmed."""
        left = self.width_mm - BLEED_MM - self.trim_width_mm if self.is_rtl else BLEED_MM
        return Box(left, BLEED_MM, self.trim_width_mm, self.trim_height_mm)

    @property
    def spine(self) -> Box:
        return Box(BLEED_MM + self.trim_width_mm, BLEED_MM, self.spine_mm, self.trim_height_mm)

    @property
    def barcode(self) -> Box:
        """The area for the printer's barcode: the lower right corner of the back."""
        back, (width, height) = self.back, BARCODE_MM
        left = back.left + back.width - BARCODE_EDGE_MM - width
        return Box(left, back.top + back.height - BARCODE_EDGE_MM - height, width, height)

    @property
    def words(self) -> Box:
        """The area for text on the back, above the barcode."""
        back = self.back
        top = back.top + SAFE_MM * 1.5
        return Box(back.left + SAFE_MM, top, back.width - 2 * SAFE_MM, self.barcode.top - SAFE_MM * 1.5 - top)

    def dpi(self, cover: Asset) -> float:
        """Return how many pixels of a cover picture fill an inch of the front."""
        return max(cover.width / self.trim_width_mm, cover.height / self.trim_height_mm) * _INCH
