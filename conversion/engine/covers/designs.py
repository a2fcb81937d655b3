"""Six cover designs, which are drawn without asking: each draws its artwork and says where title and author go.

`cover.py` chooses one of them by the title; authors choose from these and from more (`named.py`).
"""

from __future__ import annotations

import math
import random

from PIL import Image

from . import lettering as type_
from .antialiased_canvas import SCALE, Brush
from .composition import (
    BOOK,
    DISPLAY,
    GARAMOND,
    GEOMETRIC,
    HEIGHT,
    NARROW,
    PLAIN,
    WIDTH,
    Design,
    Page,
    Place,
    draw_author,
    draw_titles,
    finish,
    lozenge,
    paper_and_ink,
    readable,
    room,
    scaled,
    starting,
    upper,
)

# ---------------------------------------------------------------- 1: hills under a low sun


def horizon(page: Page) -> Image.Image:
    """Draw ranges of hills, each a deeper tone, below a sun that stands on the furthest one."""
    brush = page.art()
    colours = page.palette
    sun_x, radius = page.chance.uniform(480, 1120), 300
    brush.ellipse(scaled(sun_x - radius, 1330 - radius, sun_x + radius, 1330 + radius), fill=colours.accent)
    for index, base in enumerate((1440, 1620, 1810, 2030)):
        _hill(brush, page.chance, base, 120 - 12 * index, colours.shapes[3 - index])
    small, pen = finish(brush)
    place = Place(WIDTH // 2, 1340)
    setting = type_.fit(
        page.title, page.title_face(DISPLAY), width=place.width, height=room(page, 740), largest=360, leading=1.08
    )
    draw_titles(pen, page, setting, place, box=(150, 960), fill=colours.ink)
    draw_author(pen, page, PLAIN, place, y=2310, fill=readable(colours.shapes[0], colours))
    return small


def _hill(brush: Brush, chance: random.Random, base: float, swing: float, fill: str) -> None:
    phase, stretch = chance.uniform(0, math.tau), chance.uniform(0.8, 1.4)
    outline = []
    for x in range(0, WIDTH + 1, 8):
        t = x / WIDTH * math.tau * stretch
        y = base + swing * math.sin(t + phase) * 0.7 + swing * 0.45 * math.sin(2.3 * t + phase * 1.7)
        outline.append(scaled(x, y))
    brush.polygon([*outline, scaled(WIDTH, HEIGHT), scaled(0, HEIGHT)], fill=fill)


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
    light, dark = paper_and_ink(colours)
    brush.rectangle(scaled(190, 480, 1410, 1800), fill=light)
    brush.rectangle(scaled(226, 516, 1374, 1764), outline=dark, width=6 * SCALE)
    brush.rectangle(scaled(246, 536, 1354, 1744), outline=dark, width=2 * SCALE)
    small, pen = finish(brush)
    place = Place(WIDTH // 2, 1000)
    setting = type_.fit(
        page.title, page.title_face(GARAMOND), width=place.width, height=room(page, 780), largest=330, leading=0.98
    )
    draw_titles(pen, page, setting, place, box=(590, 1430), fill=dark)
    lozenge(pen, WIDTH // 2, 1500, 26, colours.accent)
    draw_author(pen, page, GARAMOND, place, y=1590, fill=dark)
    return small


def _scallop(brush: Brush, x: float, y: float, radius: float, tones: tuple[str, ...]) -> None:
    for part, tone in zip((1.0, 0.74, 0.5, 0.2), tones, strict=True):
        r = radius * part
        brush.ellipse(scaled(x - r, y - r, x + r, y + r), fill=tone)


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
    small, pen = finish(brush)
    place = starting(page, 130)
    setting = type_.fit(
        upper(page.title), page.title_face(NARROW), width=place.width, height=room(page, 900), largest=440, leading=1.1
    )
    draw_titles(pen, page, setting, place, box=(310, 1270), fill=colours.ink)
    draw_author(pen, page, PLAIN, place, y=130, fill=colours.ink)
    return small


def _block(brush: Brush, corner: tuple[int, int], side: int, colours: list[str], kind: int) -> None:
    (x, y), (back, front) = corner, colours
    brush.rectangle(scaled(x, y, x + side - 0.5, y + side - 0.5), fill=back)
    if kind < 4:  # a quarter circle, from one of the four corners
        cx, cy = x + side * (kind % 2), y + side * (kind // 2)
        start = {0: 0, 1: 90, 3: 180, 2: 270}[kind]
        box = scaled(cx - side, cy - side, cx + side, cy + side)
        brush.pieslice(box, start, start + 90, fill=front)
    elif kind == 4:
        brush.ellipse(scaled(x + side * 0.2, y + side * 0.2, x + side * 0.8, y + side * 0.8), fill=front)
    else:
        brush.pieslice(scaled(x, y - side / 2, x + side, y + side / 2), 0, 180, fill=front)
        brush.pieslice(scaled(x, y, x + side, y + side), 0, 180, fill=front)


# ---------------------------------------------------------------- 4: one great letter


def initial(page: Page) -> Image.Image:
    """Draw the title's first letter, larger than the page and tone on tone, with the title across it."""
    brush = page.art()
    colours = page.palette
    letter = next((c for c in page.title if c.isalnum()), "")
    mask = type_.glyph(letter.upper(), page.title_face(DISPLAY), 2600) if letter else None
    small, pen = finish(brush)
    if mask is not None:
        scale = 1900 / mask.height
        big = mask.resize((round(mask.width * scale), round(mask.height * scale)), Image.Resampling.LANCZOS)
        small.paste(colours.shapes[0], ((WIDTH - big.width) // 2 + 120, (HEIGHT - big.height) // 2 - 40), big)
    place = starting(page, 140)
    setting = type_.fit(
        page.title, page.title_face(DISPLAY), width=place.width, height=room(page, 1240), largest=370, leading=1.08
    )
    draw_titles(pen, page, setting, place, box=(560, 1860), fill=colours.ink)
    pen.rectangle((140, 2170, 440, 2182), fill=colours.accent)
    draw_author(pen, page, BOOK, place, y=2270, fill=colours.ink)
    return small


# ---------------------------------------------------------------- 5: rays


def rays(page: Page) -> Image.Image:
    """Draw beams from below the foot of the page and rings around their source, like a poster of the 1920s."""
    brush = page.art()
    colours = page.palette
    cx, cy = WIDTH / 2, 2230
    for index in range(0, 36, 2):
        edges = [math.radians(180 + angle) for angle in (index * 5, index * 5 + 5)]
        far = [scaled(cx + 3000 * math.cos(edge), cy + 3000 * math.sin(edge)) for edge in edges]
        brush.polygon([scaled(cx, cy), *far], fill=colours.shapes[0])
    rings = (colours.shapes[1], colours.shapes[2], colours.shapes[3], colours.accent)
    for radius, tone in zip((860, 700, 540, 380), rings, strict=True):
        brush.ellipse(scaled(cx - radius, cy - radius, cx + radius, cy + radius), fill=tone)
    brush.rectangle(scaled(0, cy, WIDTH, HEIGHT), fill=colours.ground)
    brush.rectangle(scaled(0, cy, WIDTH, cy + 10), fill=colours.accent)
    small, pen = finish(brush)
    place = Place(WIDTH // 2, 1340)
    setting = type_.fit(
        upper(page.title),
        page.title_face(GEOMETRIC),
        width=place.width,
        height=room(page, 920),
        largest=330,
        leading=1.1,
        tracking=0.04,
    )
    draw_titles(pen, page, setting, place, box=(200, 1250), fill=colours.ink)
    draw_author(pen, page, GEOMETRIC, place, y=2370, fill=colours.ink)
    return small


# ---------------------------------------------------------------- 6: branches


def branches(page: Page) -> Image.Image:
    """Draw two leafy branches that rise on either side and meet above the title."""
    brush = page.art()
    colours = page.palette
    tones = (colours.shapes[1], colours.shapes[2], colours.accent)
    for side in (-1, 1):
        _branch(brush, side, tones, colours.shapes[2])
    small, pen = finish(brush)
    place = Place(WIDTH // 2, 960)
    setting = type_.fit(
        page.title, page.title_face(GARAMOND), width=place.width, height=room(page, 960), largest=350, leading=0.98
    )
    draw_titles(pen, page, setting, place, box=(600, 1640), fill=colours.ink)
    draw_author(pen, page, GARAMOND, Place(WIDTH // 2, 1240), y=2310, fill=colours.ink)
    return small


def _branch(brush: Brush, side: int, tones: tuple[str, ...], stem: str) -> None:
    """Draw a stem that bends along the page's edge, with leaves that shrink towards its tip."""
    count = 17
    points = []
    for step in range(101):
        t = step / 100
        angle = math.pi * (0.5 + 0.95 * t)
        points.append((WIDTH / 2 - side * 650 * math.cos(angle), 1130 + 960 * math.sin(angle)))
    brush.line([scaled(*p) for p in points], fill=stem, width=8 * SCALE, joint="curve")
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
    brush.polygon([scaled(at[0] + x * cos - y * sin, at[1] + x * sin + y * cos) for x, y in outline], fill=fill)


DESIGNS: tuple[Design, ...] = (horizon, cloth, blocks, initial, rays, branches)
