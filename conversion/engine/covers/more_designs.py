"""Four more designs, which authors may choose; no cover is drawn in them without asking."""

from __future__ import annotations

import math

from PIL import Image

from . import lettering as type_
from .antialiased_canvas import SCALE, Brush
from .composition import (
    BOOK,
    DISPLAY,
    GARAMOND,
    GEOMETRIC,
    HEIGHT,
    PLAIN,
    WIDTH,
    Page,
    Place,
    draw_author,
    draw_titles,
    finish,
    readable,
    room,
    scaled,
    starting,
    upper,
)

_ROWS = 30  # of the ridges
_STARS = 150


def plain(page: Page) -> Image.Image:
    """Draw nothing but type between two rules: a title as large as the page allows."""
    brush = page.art()
    colours = page.palette
    brush.rectangle(scaled(130, 150, 1470, 186), fill=colours.accent)
    brush.rectangle(scaled(130, 2184, 1470, 2190), fill=colours.ink)
    small, pen = finish(brush)
    place = starting(page, 130)
    setting = type_.fit(
        page.title, page.title_face(BOOK), width=place.width, height=room(page, 1640), largest=480, leading=1.04
    )
    draw_titles(pen, page, setting, place, box=(330, 2050), fill=colours.ink)
    draw_author(pen, page, PLAIN, place, y=2290, fill=colours.ink)
    return small


def layers(page: Page) -> Image.Image:
    """Draw sheets of cut paper, one deeper than the other, around a bright core."""
    brush = page.art()
    colours = page.palette
    tones = (*colours.shapes, colours.accent)
    waves = [(n, page.chance.uniform(0, math.tau), page.chance.uniform(0.5, 1.0)) for n in (2, 3, 5)]
    for index, tone in enumerate(tones):
        turned = [(number, phase + 0.22 * index, share) for number, phase, share in waves]
        _sheet(brush, 780 - 150 * index, turned, tone)
    small, pen = finish(brush)
    place = Place(WIDTH // 2, 1340)
    setting = type_.fit(
        page.title, page.title_face(DISPLAY), width=place.width, height=room(page, 620), largest=340, leading=1.06
    )
    draw_titles(pen, page, setting, place, box=(130, 760), fill=colours.ink)
    draw_author(pen, page, PLAIN, place, y=2370, fill=colours.ink)
    return small


def _sheet(brush: Brush, radius: float, waves: list[tuple[int, float, float]], fill: str) -> None:
    outline = []
    for step in range(241):
        angle = step / 240 * math.tau
        wave = sum(share / number * math.sin(number * angle + phase) for number, phase, share in waves)
        reach = radius * (1 + 0.2 * wave)
        outline.append(scaled(WIDTH / 2 + reach * math.cos(angle), 1600 + reach * 0.92 * math.sin(angle)))
    brush.polygon(outline, fill=fill)


def ridges(page: Page) -> Image.Image:
    """Draw lines that rise to a range of peaks in the middle, each before the one behind it."""
    brush = page.art()
    colours = page.palette
    for row in range(_ROWS):
        base = 1250 + row * 30
        tone = colours.accent if row == _ROWS // 2 else colours.ink
        _ridge(brush, page, base, colours.ground, tone)
    small, pen = finish(brush)
    place = Place(WIDTH // 2, 1340)
    setting = type_.fit(
        upper(page.title),
        page.title_face(GEOMETRIC),
        width=place.width,
        height=room(page, 680),
        largest=300,
        leading=1.12,
        tracking=0.05,
    )
    draw_titles(pen, page, setting, place, box=(150, 900), fill=colours.ink)
    draw_author(pen, page, GEOMETRIC, place, y=2360, fill=colours.ink)
    return small


def _ridge(brush: Brush, page: Page, base: float, ground: str, tone: str) -> None:
    peaks = [
        (page.chance.uniform(520, 1080), page.chance.uniform(40, 130), page.chance.uniform(30, 150)) for _ in range(5)
    ]
    line = []
    for x in range(220, 1381, 6):
        rise = sum(height * math.exp(-(((x - centre) / width) ** 2)) for centre, width, height in peaks)
        line.append(scaled(x, base - rise * 0.9))
    brush.polygon([*line, scaled(1380, base + 40), scaled(220, base + 40)], fill=ground)
    brush.line(line, fill=tone, width=4 * SCALE, joint="curve")


def night(page: Page) -> Image.Image:
    """Draw a crescent moon among stars above dark hills."""
    brush = page.art()
    colours = page.palette
    for _ in range(_STARS):
        x, y, r = page.chance.uniform(0, WIDTH), page.chance.uniform(0, 2050), page.chance.choice((2, 2, 3, 3, 5))
        if not (110 < x < 1490 and 130 < y < 1110):  # no star between the letters of the title
            brush.ellipse(scaled(x - r, y - r, x + r, y + r), fill=colours.shapes[2])
    brush.ellipse(scaled(540, 1180, 1060, 1700), fill=colours.accent)
    brush.ellipse(scaled(650, 1130, 1130, 1610), fill=colours.ground)
    for base, swing, tone in ((1960, 90, colours.shapes[1]), (2130, 60, colours.shapes[0])):
        phase = page.chance.uniform(0, math.tau)
        edge = [
            scaled(x, base + swing * math.sin(x / 310 + phase) + swing * 0.4 * math.sin(x / 120 + 2 * phase))
            for x in range(0, WIDTH + 1, 8)
        ]
        brush.polygon([*edge, scaled(WIDTH, HEIGHT), scaled(0, HEIGHT)], fill=tone)
    small, pen = finish(brush)
    place = Place(WIDTH // 2, 1300)
    setting = type_.fit(
        page.title, page.title_face(GARAMOND), width=place.width, height=room(page, 780), largest=350, leading=1.0
    )
    draw_titles(pen, page, setting, place, box=(170, 1080), fill=colours.ink)
    draw_author(pen, page, GARAMOND, place, y=2350, fill=readable(colours.shapes[0], colours))
    return small
