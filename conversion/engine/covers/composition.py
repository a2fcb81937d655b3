"""What every cover design shares: its page, its palette, and where series, title, subtitle and author are set.

Artwork is drawn at twice the size and scaled down, which smooths its edges; type is set at the final size. The numbers
are pixels on a page of 1600 x 2560.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from . import lettering as type_
from .antialiased_canvas import SCALE, Brush
from .lettering import Face

WIDTH, HEIGHT = 1600, 2560
SERIES_GAP = 76  # between the line on the series and the title

DISPLAY = Face(("playfair-display:700", "literata:700", "source-serif-4:700", "DejaVuSerif-Bold"))
GARAMOND = Face(("cormorant-garamond:600", "literata:500", "source-serif-4:500", "DejaVuSerif"))
BOOK = Face(("literata:600", "source-serif-4:600", "DejaVuSerif-Bold"))
GEOMETRIC = Face(("josefin-sans:600", "source-sans-3:600", "DejaVuSans-Bold"), "sans")
NARROW = Face(("oswald:600", "source-sans-3:700", "DejaVuSansCondensed-Bold"), "sans")
PLAIN = Face(("source-sans-3:600", "DejaVuSans-Bold"), "sans")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that go together. `ink` is readable on `ground`; `shapes` range from close to the ground to far from
    it."""

    ground: str
    ink: str
    accent: str
    shapes: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Lettering:
    """Two faces that go together."""

    title: Face
    author: Face


PALETTES = (
    Palette("#12263A", "#F6EEE3", "#F26B4E", ("#1C3753", "#2F5673", "#5C8AA0", "#F2B38C")),
    Palette("#1E3B2F", "#F5EDDA", "#E3A75B", ("#2A5040", "#43705A", "#7FA07E", "#EBCB92")),
    Palette("#F3E6D2", "#2B1D1A", "#BC4A28", ("#E9CFAE", "#DE9C6C", "#B85A3A", "#6B3325")),
    Palette("#2E1B37", "#F8ECE6", "#EB8F9B", ("#432850", "#683A66", "#A1577F", "#EBBBA6")),
    Palette("#E6EFEA", "#10333D", "#DC5A3B", ("#C3DAD3", "#86B7B3", "#3C7F89", "#1D4E5C")),
    Palette("#EBB750", "#241C1A", "#8E2513", ("#F2CD83", "#DD9636", "#B4562B", "#5A2A1C")),
    Palette("#741B2A", "#FBF0E1", "#F2BA62", ("#8B2C38", "#AE4449", "#D67C60", "#F0B48A")),
    Palette("#EDE9E2", "#1A2330", "#2A57A4", ("#D3D8DC", "#9DAEBF", "#587391", "#2A3F5F")),
)


@dataclass(slots=True)
class Page:
    """The input of a design: title, subtitle, author and the line on the series reduced to printable letters, colours,
    and a seeded random source. `lettering` replaces the design's own faces; `picture` is for designs around one, which
    show what is at `focus` (shares of its width and height) where they crop it.
    """

    title: str
    subtitle: str
    author: str
    palette: Palette
    chance: random.Random
    series: str = ""
    lettering: Lettering | None = None
    picture: Image.Image | None = None
    focus: tuple[float, float] = (0.5, 0.5)

    def title_face(self, own: Face) -> Face:
        """Return the face of the title: the chosen one, else the design's own."""
        return self.lettering.title if self.lettering else own

    def author_face(self, own: Face) -> Face:
        """Return the face of the author's name and of the line on the series."""
        return self.lettering.author if self.lettering else own

    def art(self) -> Brush:
        """Return a brush on a background, which takes doubled coordinates."""
        return Brush(WIDTH, HEIGHT, self.palette.ground)


type Design = Callable[[Page], Image.Image]


def finish(brush: Brush) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    small = brush.reduced()
    return small, ImageDraw.Draw(small)


def scaled(*values: float) -> tuple[float, ...]:
    return tuple(value * SCALE for value in values)


@dataclass(frozen=True, slots=True)
class Place:
    """The position of lines of type, in pixels: `x` is the left edge or the centre, depending on `align`."""

    x: int
    width: int
    align: str = "center"


def draw_author(pen: ImageDraw.ImageDraw, page: Page, face: Face, place: Place, *, y: int, fill: str) -> None:
    """Draw the author's name from `y` down; in letter-spaced capitals where it is centred."""
    face, capitals = page.author_face(face), place.align == "center"
    text = page.author.upper() if capitals else page.author
    plan = functools.partial(type_.fit, text, face, width=place.width, tracking=0.12 if capitals else 0.0)
    setting = plan(height=66, largest=92, smallest=54)
    if setting.lines[-1].endswith("…"):
        setting = plan(height=120, largest=60, smallest=44, leading=1.35)
    type_.draw(pen, setting, (place.x, y), fill, align=place.align)


def draw_titles(
    pen: ImageDraw.ImageDraw, page: Page, title: type_.Setting, place: Place, *, box: tuple[int, int], fill: str
) -> None:
    """Draw the title, above it the line on the series and below it the subtitle, both smaller, centred vertically in
    the box."""
    gap, smaller = 0, None
    if page.subtitle:
        gap = round(title.size * 0.2) + 70
        face, width = title.face, round(place.width * 0.94)
        smaller = type_.fit(
            page.subtitle, face, width=width, height=240, largest=min(112, title.size), smallest=56, leading=1.2
        )
    above = _series_line(page, title, place)
    head = above.height + SERIES_GAP if above else 0
    height = head + title.height + (gap + smaller.height if smaller else 0)
    top = box[0] + max(0, (box[1] - box[0] - height) // 2)
    if above:
        type_.draw(pen, above, (place.x, top), fill, align=place.align)
        top += head
    type_.draw(pen, title, (place.x, top), fill, align=place.align)
    if smaller:
        type_.draw(pen, smaller, (place.x, top + title.height + gap), fill, align=place.align)


def _series_line(page: Page, title: type_.Setting, place: Place) -> type_.Setting | None:
    if not page.series:
        return None
    face = page.author_face(title.face)
    size = min(64, title.size)
    return type_.fit(page.series, face, width=place.width, height=size, largest=size, smallest=44, tracking=0.06)


def starting(page: Page, margin: int) -> Place:
    """Return the place of lines that start at the margin: the right one for titles read from right to left."""
    if type_.is_right_to_left(page.title):
        return Place(WIDTH - margin, 1340, "right")
    return Place(margin, 1340, "left")


def room(page: Page, height: int) -> int:
    """Return the height that subtitle and series leave for the title."""
    return height - (330 if page.subtitle else 0) - (SERIES_GAP + 64 if page.series else 0)


def upper(text: str) -> str:
    return text.upper() if len(text) <= 60 else text


# ---------------------------------------------------------------- shared marks and colours


def lozenge(pen: ImageDraw.ImageDraw, x: int, y: int, size: int, fill: str) -> None:
    for dx, part in ((-size * 2.2, 0.6), (0.0, 1.0), (size * 2.2, 0.6)):
        r = size * part
        pen.polygon([(x + dx, y - r), (x + dx + r, y), (x + dx, y + r), (x + dx - r, y)], fill=fill)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#RRGGBB`, 0 to 1, as WCAG defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(ground: str, colours: Palette) -> str:
    """Return ink or ground, whichever is more readable on this colour."""
    return max((colours.ink, colours.ground), key=lambda colour: contrast(colour, ground))


def paper_and_ink(colours: Palette) -> tuple[str, str]:
    pair = sorted((colours.ground, colours.ink), key=luminance, reverse=True)
    return pair[0], pair[1]
