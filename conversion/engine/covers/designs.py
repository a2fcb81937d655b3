"""Six cover designs: each draws its artwork and says where title and author go.

Artwork is drawn at twice the size and scaled down, which smooths its edges; type is set at the final size. The numbers
are pixels on a page of 1600 x 2560. `cover.py` chooses the design.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from . import lettering as type_
from .antialiased_canvas import SCALE, Brush
from .lettering import Face

WIDTH, HEIGHT = 1600, 2560

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
    """The input of a design: title, subtitle and author reduced to printable letters, colours, and a seeded random
    source."""

    title: str
    subtitle: str
    author: str
    palette: Palette
    chance: random.Random

    def art(self) -> Brush:
        """Return a brush on a background, which takes doubled coordinates."""
        return Brush(WIDTH, HEIGHT, self.palette.ground)


type Design = Callable[[Page], Image.Image]


def _finish(brush: Brush) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    small = brush.reduced()
    return small, ImageDraw.Draw(small)


def _s(*values: float) -> tuple[float, ...]:
    return tuple(value * SCALE for value in values)


@dataclass(frozen=True, slots=True)
class Place:
    """The position of lines of type, in pixels: `x` is the left edge or the centre, depending on `align`."""

    x: int
    width: int
    align: str = "center"


def _author(pen: ImageDraw.ImageDraw, page: Page, face: Face, place: Place, *, y: int, fill: str) -> None:
    """Draw the author's name from `y` down; in letter-spaced capitals where it is centred."""
    capitals = place.align == "center"
    text = page.author.upper() if capitals else page.author
    plan = functools.partial(type_.fit, text, face, width=place.width, tracking=0.12 if capitals else 0.0)
    setting = plan(height=66, largest=92, smallest=54)
    if setting.lines[-1].endswith("…"):
        setting = plan(height=120, largest=60, smallest=44, leading=1.35)
    type_.draw(pen, setting, (place.x, y), fill, align=place.align)


def _titles(
    pen: ImageDraw.ImageDraw, page: Page, title: type_.Setting, place: Place, *, box: tuple[int, int], fill: str
) -> None:
    """Draw the title and, smaller, what follows its colon, centred vertically in the box."""
    gap, smaller = 0, None
    if page.subtitle:
        gap = round(title.size * 0.2) + 70
        face, width = title.face, round(place.width * 0.94)
        smaller = type_.fit(
            page.subtitle, face, width=width, height=240, largest=min(112, title.size), smallest=56, leading=1.2
        )
    height = title.height + (gap + smaller.height if smaller else 0)
    top = box[0] + max(0, (box[1] - box[0] - height) // 2)
    type_.draw(pen, title, (place.x, top), fill, align=place.align)
    if smaller:
        type_.draw(pen, smaller, (place.x, top + title.height + gap), fill, align=place.align)


def _starting(page: Page, margin: int) -> Place:
    """Return the place of lines that start at the margin: the right one for titles read from right to left."""
    if type_.is_right_to_left(page.title):
        return Place(WIDTH - margin, 1340, "right")
    return Place(margin, 1340, "left")


def _room(page: Page, height: int) -> int:
    """Return the height that a subtitle leaves for the title."""
    return height - 330 if page.subtitle else height


def _upper(text: str) -> str:
    return text.upper() if len(text) <= 60 else text


# ---------------------------------------------------------------- 1: hills under a low sun


def horizon(page: Page) -> Image.Image:
    """Draw ranges of hills, each a deeper tone, below a sun that stands on the furthest one."""
    brush = page.art()
    colours = page.palette
    sun_x, radius = page.chance.uniform(480, 1120), 300
    brush.ellipse(_s(sun_x - radius, 1330 - radius, sun_x + radius, 1330 + radius), fill=colours.accent)
    for index, base in enumerate((1440, 1620, 1810, 2030)):
        _hill(brush, page.chance, base, 120 - 12 * index, colours.shapes[3 - index])
    small, pen = _finish(brush)
    place = Place(WIDTH // 2, 1340)
    setting = type_.fit(page.title, DISPLAY, width=place.width, height=_room(page, 740), largest=360, leading=1.08)
    _titles(pen, page, setting, place, box=(150, 960), fill=colours.ink)
    _author(pen, page, PLAIN, place, y=2310, fill=_readable(colours.shapes[0], colours))
    return small


def _hill(brush: Brush, chance: random.Random, base: float, swing: float, fill: str) -> None:
    phase, stretch = chance.uniform(0, math.tau), chance.uniform(0.8, 1.4)
    outline = []
    for x in range(0, WIDTH + 1, 8):
        t = x / WIDTH * math.tau * stretch
        y = base + swing * math.sin(t + phase) * 0.7 + swing * 0.45 * math.sin(2.3 * t + phase * 1.7)
        outline.append(_s(x, y))
    brush.polygon([*outline, _s(WIDTH, HEIGHT), _s(0, HEIGHT)], fill=fill)


# ---------------------------------------------------------------- 2: a patterned cloth with a label


def cloth(page: Page) -> Image.Image:
    """Draw scallops all over, as on a cloth binding, and a paper label with the title."""
    brush = page.art()
    colours = page.palette
    tones = (colours.shapes[0], colours.shapes[1], colours.ground)
    step = 200
    for row in range(-1, HEIGHT // (step // 2) + 3):
        for column in range(-1, WIDTH // step + 2):
            x = column * step + (step / 2 if row % 2 else 0)
            _scallop(brush, x, row * step / 2, step / 2, (*tones, colours.accent))
    light, dark = _paper_and_ink(colours)
    brush.rectangle(_s(190, 480, 1410, 1800), fill=light)
    brush.rectangle(_s(226, 516, 1374, 1764), outline=dark, width=6 * SCALE)
    brush.rectangle(_s(246, 536, 1354, 1744), outline=dark, width=2 * SCALE)
    small, pen = _finish(brush)
    place = Place(WIDTH // 2, 1000)
    setting = type_.fit(page.title, GARAMOND, width=place.width, height=_room(page, 780), largest=330, leading=0.98)
    _titles(pen, page, setting, place, box=(590, 1430), fill=dark)
    _lozenge(pen, WIDTH // 2, 1500, 26, colours.accent)
    _author(pen, page, GARAMOND, place, y=1590, fill=dark)
    return small


def _scallop(brush: Brush, x: float, y: float, radius: float, tones: tuple[str, ...]) -> None:
    for part, tone in zip((1.0, 0.74, 0.5, 0.2), tones, strict=True):
        r = radius * part
        brush.ellipse(_s(x - r, y - r, x + r, y + r), fill=tone)


# ---------------------------------------------------------------- 3: blocks and quarter circles


def blocks(page: Page) -> Image.Image:
    """Draw a grid of quarter circles, half circles and discs below a narrow, heavy title aligned left."""
    brush = page.art()
    colours = page.palette
    side, top = 400, HEIGHT - 3 * 400
    deck = [*colours.shapes, colours.accent]
    for row in range(3):
        for column in range(4):
            colours_of_block = page.chance.sample(deck, 2)
            _block(brush, (column * side, top + row * side), side, colours_of_block, page.chance.randrange(6))
    small, pen = _finish(brush)
    place = _starting(page, 130)
    setting = type_.fit(
        _upper(page.title), NARROW, width=place.width, height=_room(page, 900), largest=440, leading=1.1
    )
    _titles(pen, page, setting, place, box=(310, 1270), fill=colours.ink)
    _author(pen, page, PLAIN, place, y=130, fill=colours.ink)
    return small


def _block(brush: Brush, corner: tuple[int, int], side: int, colours: list[str], kind: int) -> None:
    (x, y), (back, front) = corner, colours
    brush.rectangle(_s(x, y, x + side - 0.5, y + side - 0.5), fill=back)
    if kind < 4:  # a quarter circle, from one of the four corners
        cx, cy = x + side * (kind % 2), y + side * (kind // 2)
        start = {0: 0, 1: 90, 3: 180, 2: 270}[kind]
        box = _s(cx - side, cy - side, cx + side, cy + side)
        brush.pieslice(box, start, start + 90, fill=front)
    elif kind == 4:
        brush.ellipse(_s(x + side * 0.2, y + side * 0.2, x + side * 0.8, y + side * 0.8), fill=front)
    else:
        brush.pieslice(_s(x, y - side / 2, x + side, y + side / 2), 0, 180, fill=front)
        brush.pieslice(_s(x, y, x + side, y + side), 0, 180, fill=front)


# ---------------------------------------------------------------- 4: one great letter


def initial(page: Page) -> Image.Image:
    """Draw the title's first letter, larger than the page and tone on tone, with the title across it."""
    brush = page.art()
    colours = page.palette
    letter = next((c for c in page.title if c.isalnum()), "")
    mask = type_.glyph(letter.upper(), DISPLAY, 2600) if letter else None
    small, pen = _finish(brush)
    if mask is not None:
        scale = 1900 / mask.height
        big = mask.resize((round(mask.width * scale), round(mask.height * scale)), Image.Resampling.LANCZOS)
        small.paste(colours.shapes[0], ((WIDTH - big.width) // 2 + 120, (HEIGHT - big.height) // 2 - 40), big)
    place = _starting(page, 140)
    setting = type_.fit(page.title, DISPLAY, width=place.width, height=_room(page, 1240), largest=370, leading=1.08)
    _titles(pen, page, setting, place, box=(560, 1860), fill=colours.ink)
    pen.rectangle((140, 2170, 440, 2182), fill=colours.accent)
    _author(pen, page, BOOK, place, y=2270, fill=colours.ink)
    return small


# ---------------------------------------------------------------- 5: rays


def rays(page: Page) -> Image.Image:
    """Draw beams from below the foot of the page and rings around their source, like a poster of the 1920s."""
    brush = page.art()
    colours = page.palette
    cx, cy = WIDTH / 2, 2230
    for index in range(0, 36, 2):
        edges = [math.radians(180 + angle) for angle in (index * 5, index * 5 + 5)]
        far = [_s(cx + 3000 * math.cos(edge), cy + 3000 * math.sin(edge)) for edge in edges]
        brush.polygon([_s(cx, cy), *far], fill=colours.shapes[0])
    rings = (colours.shapes[1], colours.shapes[2], colours.shapes[3], colours.accent)
    for radius, tone in zip((860, 700, 540, 380), rings, strict=True):
        brush.ellipse(_s(cx - radius, cy - radius, cx + radius, cy + radius), fill=tone)
    brush.rectangle(_s(0, cy, WIDTH, HEIGHT), fill=colours.ground)
    brush.rectangle(_s(0, cy, WIDTH, cy + 10), fill=colours.accent)
    small, pen = _finish(brush)
    place = Place(WIDTH // 2, 1340)
    setting = type_.fit(
        _upper(page.title),
        GEOMETRIC,
        width=place.width,
        height=_room(page, 920),
        largest=330,
        leading=1.1,
        tracking=0.04,
    )
    _titles(pen, page, setting, place, box=(200, 1250), fill=colours.ink)
    _author(pen, page, GEOMETRIC, place, y=2370, fill=colours.ink)
    return small


# ---------------------------------------------------------------- 6: branches


def branches(page: Page) -> Image.Image:
    """Draw two leafy branches that rise on either side and meet above the title."""
    brush = page.art()
    colours = page.palette
    tones = (colours.shapes[1], colours.shapes[2], colours.accent)
    for side in (-1, 1):
        _branch(brush, side, tones, colours.shapes[2])
    small, pen = _finish(brush)
    place = Place(WIDTH // 2, 960)
    setting = type_.fit(page.title, GARAMOND, width=place.width, height=_room(page, 960), largest=350, leading=0.98)
    _titles(pen, page, setting, place, box=(600, 1640), fill=colours.ink)
    _author(pen, page, GARAMOND, Place(WIDTH // 2, 1240), y=2310, fill=colours.ink)
    return small


def _branch(brush: Brush, side: int, tones: tuple[str, ...], stem: str) -> None:
    """Draw a stem that bends along the page's edge, with leaves that shrink towards its tip."""
    count = 17
    points = []
    for step in range(101):
        t = step / 100
        angle = math.pi * (0.5 + 0.95 * t)
        points.append((WIDTH / 2 - side * 650 * math.cos(angle), 1130 + 960 * math.sin(angle)))
    brush.line([_s(*p) for p in points], fill=stem, width=8 * SCALE, joint="curve")
    for index in range(2, count * 2):
        t = index / (count * 2)
        at = points[round(t * 100)]
        ahead = points[min(100, round(t * 100) + 1)]
        course = math.atan2(ahead[1] - at[1], ahead[0] - at[0])
        lean = 0.75 if index % 2 else -0.75
        _leaf(brush, at, course + lean, 230 - 110 * t, tones[index % len(tones)])


def _leaf(brush: Brush, at: tuple[float, float], angle: float, length: float, fill: str) -> None:
    half = []
    for step in range(25):
        t = step / 24
        half.append((t * length, length * 0.2 * math.sin(math.pi * t**0.8)))
    outline = half + [(x, -y) for x, y in reversed(half)]
    cos, sin = math.cos(angle), math.sin(angle)
    brush.polygon([_s(at[0] + x * cos - y * sin, at[1] + x * sin + y * cos) for x, y in outline], fill=fill)


# ---------------------------------------------------------------- shared marks and colours


def _lozenge(pen: ImageDraw.ImageDraw, x: int, y: int, size: int, fill: str) -> None:
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


def _readable(ground: str, colours: Palette) -> str:
    """Return ink or ground, whichever is more readable on this colour."""
    return max((colours.ink, colours.ground), key=lambda colour: contrast(colour, ground))


def _paper_and_ink(colours: Palette) -> tuple[str, str]:
    pair = sorted((colours.ground, colours.ink), key=luminance, reverse=True)
    return pair[0], pair[1]


DESIGNS: tuple[Design, ...] = (horizon, cloth, blocks, initial, rays, branches)
