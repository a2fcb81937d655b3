"""Designs around an author's own picture. Where they crop it, they show what is at the page's focus.

Words never stand on the bare picture: on it lies so much of the palette's ground that they can be read on any picture.
"""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageOps

from . import lettering as type_
from .antialiased_canvas import SCALE
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
    room,
    starting,
    upper,
)

VEIL = 232  # of 255: how much of the ground lies between the words and the picture
_LOSSLESS_EDGE = 2  # the smallest picture side that a crop may be taken from


def full(page: Page) -> Image.Image:
    """Fill the page with the picture; title and author stand on a veil that fades into it."""
    picture = _cropped(page, (WIDTH, HEIGHT))
    veil = Image.new("L", (1, HEIGHT), 0)
    for y in range(HEIGHT):
        above = (1560 - y) / 460  # from 1100 px on it fades
        below = (y - 2010) / 230
        veil.putpixel((0, y), round(VEIL * min(1.0, max(0.0, above, below))))
    picture.paste(page.palette.ground, (0, 0), veil.resize((WIDTH, HEIGHT)))
    pen = ImageDraw.Draw(picture)
    place = Place(WIDTH // 2, 1340)
    setting = type_.fit(
        page.title, page.title_face(DISPLAY), width=place.width, height=room(page, 840), largest=370, leading=1.06
    )
    draw_titles(pen, page, setting, place, box=(170, 1080), fill=page.palette.ink)
    draw_author(pen, page, PLAIN, place, y=2340, fill=page.palette.ink)
    return picture


def window(page: Page) -> Image.Image:
    """Hang the picture in a frame below the title, as in a gallery."""
    brush, colours = page.art(), page.palette
    left, top, right, bottom = 200, 960, 1400, 2180
    brush.rectangle(tuple(v * SCALE for v in (left - 34, top - 34, right + 34, bottom + 34)), fill=colours.shapes[0])
    outline = tuple(v * SCALE for v in (left - 34, top - 34, right + 34, bottom + 34))
    brush.rectangle(outline, outline=colours.accent, width=6 * SCALE)
    small, pen = finish(brush)
    small.paste(_cropped(page, (right - left, bottom - top)), (left, top))
    place = Place(WIDTH // 2, 1300)
    setting = type_.fit(
        page.title, page.title_face(GARAMOND), width=place.width, height=room(page, 700), largest=320, leading=1.0
    )
    draw_titles(pen, page, setting, place, box=(120, 880), fill=colours.ink)
    draw_author(pen, page, GARAMOND, place, y=2340, fill=colours.ink)
    return small


def band(page: Page) -> Image.Image:
    """Show the picture above and the words on a band of colour below."""
    brush, colours = page.art(), page.palette
    edge = 1420
    brush.rectangle(tuple(v * SCALE for v in (0, edge, WIDTH, edge + 18)), fill=colours.accent)
    small, pen = finish(brush)
    small.paste(_cropped(page, (WIDTH, edge)), (0, 0))
    place = starting(page, 130)
    setting = type_.fit(
        page.title, page.title_face(BOOK), width=place.width, height=room(page, 640), largest=330, leading=1.06
    )
    draw_titles(pen, page, setting, place, box=(1530, 2210), fill=colours.ink)
    draw_author(pen, page, PLAIN, place, y=2350, fill=colours.ink)
    return small


def circle(page: Page) -> Image.Image:
    """Show the picture through a round opening with a ring around it."""
    brush, colours = page.art(), page.palette
    x, y, radius = WIDTH // 2, 1590, 590
    for reach, tone in ((radius + 46, colours.accent), (radius + 34, colours.ground)):
        brush.ellipse(tuple(v * SCALE for v in (x - reach, y - reach, x + reach, y + reach)), fill=tone)
    small, pen = finish(brush)
    side = 2 * radius
    opening = Image.new("L", (side * 2, side * 2), 0)
    ImageDraw.Draw(opening).ellipse((0, 0, side * 2 - 1, side * 2 - 1), fill=255)
    small.paste(_cropped(page, (side, side)), (x - radius, y - radius), opening.reduce(2))
    place = Place(x, 1340)
    setting = type_.fit(
        upper(page.title),
        page.title_face(GEOMETRIC),
        width=place.width,
        height=room(page, 640),
        largest=280,
        leading=1.12,
        tracking=0.04,
    )
    draw_titles(pen, page, setting, place, box=(130, 870), fill=colours.ink)
    draw_author(pen, page, GEOMETRIC, place, y=2360, fill=colours.ink)
    return small


def _cropped(page: Page, size: tuple[int, int]) -> Image.Image:
    """Return the picture filling a box, cropped around the page's focus; without a picture, a sun in the palette."""
    if page.picture is None or min(page.picture.size) < _LOSSLESS_EDGE:
        return _stand_in(page, size)
    return ImageOps.fit(page.picture, size, Image.Resampling.LANCZOS, centering=page.focus)


def _stand_in(page: Page, size: tuple[int, int]) -> Image.Image:
    drawn = Image.new("RGB", size, page.palette.shapes[1])
    radius, x, y = min(size) // 4, size[0] // 2, size[1] // 2
    ImageDraw.Draw(drawn).ellipse((x - radius, y - radius, x + radius, y + radius), fill=page.palette.shapes[2])
    return drawn
