"""Link preview images, 1200 x 630: a book's cover on our paper colour with title and names beside it; and one of the
shop.

Colours and fonts are those of the site's pages (static/css/tokens.css).
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFilter

from . import lettering as type_
from .antialiased_canvas import SCALE, Brush
from .lettering import Face

WIDTH, HEIGHT = 1200, 630
# Increase it when images would look different, so that existing ones are drawn again.
DESIGN = 1

_PAPER, _INK, _SOFT, _RULE, _ACCENT, _EDGE = "#fbf8f1", "#211c16", "#574e43", "#ded6c6", "#a3301d", "#c9bfae"
_TITLE = Face(("literata:500", "source-serif-4:500", "DejaVuSerif"))
_TEXT = Face(("source-sans-3:400", "DejaVuSans"), "sans")
_MARGIN = 64
_COVER = (300, 480)  # maximum; covers keep their proportions
_GAP = 60
_FOOT = 78  # baseline of the shop's name, from the bottom
_QUALITY = 86


def book_picture(cover: bytes | None, *, title: str, byline: str, shop: str) -> bytes:
    """Return the image as JPEG. `cover` is one of our own JPEG or PNG covers; a damaged one is left out. Equal
    arguments and fonts give equal bytes."""
    page = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    left, right = _MARGIN, WIDTH - _MARGIN
    if cover is not None and (front := _opened(cover)) is not None:
        left += _place_cover(page, front) + _GAP
    pen = ImageDraw.Draw(page)
    words = type_.printable(title, _TITLE)
    is_from_right = type_.is_right_to_left(words)
    align, edge = ("right", right) if is_from_right else ("left", left)
    setting = type_.fit(words, _TITLE, width=right - left, height=246, largest=84, smallest=40, leading=1.14)
    names = type_.fit(
        type_.printable(byline, _TEXT), _TEXT, width=right - left, height=76, largest=38, smallest=28, leading=1.25
    )
    top = max(_MARGIN + 12, (HEIGHT - _FOOT - setting.height - names.height - 44) // 2)
    type_.draw(pen, setting, (edge, top), _INK, align=align)
    type_.draw(pen, names, (edge, top + setting.height + 44), _SOFT, align=align)
    _sign(page, pen, shop, left)
    return _jpeg(page)


def shop_picture(*, shop: str, line: str) -> bytes:
    """Return the shop's own image as JPEG: its logo, its name and one line about it."""
    page = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    page.paste(_mark(260), (_MARGIN + 30, (HEIGHT - 312) // 2))
    pen = ImageDraw.Draw(page)
    left = _MARGIN + 30 + 260 + 80
    name = type_.fit(shop, _TITLE, width=WIDTH - _MARGIN - left, height=150, largest=150, smallest=60)
    text = type_.fit(line, _TEXT, width=WIDTH - _MARGIN - left, height=110, largest=40, smallest=28, leading=1.3)
    top = (HEIGHT - name.height - text.height - 90) // 2
    type_.draw(pen, name, (left, top), _INK)
    pen.line([(left, top + name.height + 45), (left + 120, top + name.height + 45)], fill=_ACCENT, width=4)
    type_.draw(pen, text, (left, top + name.height + 90), _SOFT)
    return _jpeg(page)


def _opened(data: bytes) -> Image.Image | None:
    """Return the cover, or None where it is damaged: an image without it is better than none."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            return opened.convert("RGB")
    except OSError:
        return None


def _place_cover(page: Image.Image, cover: Image.Image) -> int:
    """Draw the cover on the left with a border and a soft shadow; return its width."""
    cover.thumbnail(_COVER, Image.Resampling.LANCZOS)
    if cover.width < _COVER[0] and cover.height < _COVER[1]:
        factor = min(_COVER[0] / cover.width, _COVER[1] / cover.height)
        cover = cover.resize((round(cover.width * factor), round(cover.height * factor)), Image.Resampling.LANCZOS)
    x, y = _MARGIN, (HEIGHT - cover.height) // 2
    shadow = Image.new("L", page.size, 0)
    ImageDraw.Draw(shadow).rectangle((x + 10, y + 22, x + cover.width - 10, y + cover.height + 14), fill=110)
    page.paste(_INK, mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    page.paste(_EDGE, (x - 1, y - 1, x + cover.width + 1, y + cover.height + 1))
    page.paste(cover, (x, y))
    return cover.width


def _sign(page: Image.Image, pen: ImageDraw.ImageDraw, shop: str, left: int) -> None:
    """Draw a hairline, the logo and the shop's name at the bottom."""
    right, line = WIDTH - _MARGIN, HEIGHT - _MARGIN - 62
    pen.line([(left, line), (right, line)], fill=_RULE, width=2)
    mark = _mark(32)
    page.paste(mark, (left, line + 24))
    setting = type_.fit(shop, _TITLE, width=400, height=40, largest=34, smallest=24)
    type_.draw(pen, setting, (left + 46, line + 24 + (mark.height - setting.height) // 2), _INK)


def _mark(width: int) -> Image.Image:
    """Return the logo: a sheet folded three times, one of its eight leaves in the accent colour
    (templates/components/mark.html)."""
    unit = width / 16
    brush = Brush(width, round(width * 20 / 16), _PAPER)
    stroke = max(3, round(unit * SCALE * 0.7))
    # On the logo's grid of 16 by 20 units, with its outer strokes drawn inside.
    right, bottom, inset = 16 * unit * SCALE, 20 * unit * SCALE, stroke / 2
    middle = right / 2
    brush.rectangle((middle, bottom / 4, right - inset, bottom / 2), fill=_ACCENT)
    for y in (inset, bottom / 4, bottom / 2, 3 * bottom / 4, bottom - inset):
        brush.line([(0, y), (right, y)], fill=_INK, width=stroke)
    for x in (inset, middle, right - inset):
        brush.line([(x, 0), (x, bottom)], fill=_INK, width=stroke)
    return brush.reduced()


def _jpeg(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
