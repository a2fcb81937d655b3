"""The front of a printed cover, and the colours that continue around it.

A cover picture seldom has the proportions of the page, and none has a bleed. Nothing is cut off: the picture is placed
inside the trimmed page as large as it fits, and the missing edges are filled with its reflection, as printers do. A
picture too narrow or too low for that is placed on its most common colour.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from ...book.model import Asset
from ...images.reencode import raster_asset
from .geometry import BLEED_MM, Sheet

DPI = 300
_MAX_REFLECTED = 0.12  # of the picture's own width or height, on each side
_FOLD = 0.075  # of the picture: this much of an edge is reflected repeatedly, since words are further inside
_QUALITY = 90
_COLOURS = 8
_LOOKED_AT_PX = 96


def front_panel(cover: Asset, sheet: Sheet) -> Asset:
    """Return the picture for `sheet.front`, at 300 pixels per inch."""
    scale = DPI / 25.4
    size = (round(sheet.front.width * scale), round(sheet.front.height * scale))
    trim = (round(sheet.trim_width_mm * scale), round(sheet.trim_height_mm * scale))
    picture = ImageOps.contain(_opened(cover), trim, Image.Resampling.LANCZOS)
    bleed = round(BLEED_MM * scale)
    left = (0 if not sheet.is_rtl else size[0] - trim[0]) + (trim[0] - picture.width) // 2
    corner = (left, bleed + (trim[1] - picture.height) // 2)
    return raster_asset(_extended(picture, size, corner), "front.jpg", lossy=True, quality=_QUALITY)


def ground_of(cover: Asset) -> tuple[int, int, int]:
    """Return the most common colour of a cover."""
    picture = _opened(cover)
    picture.thumbnail((_LOOKED_AT_PX, _LOOKED_AT_PX))
    few = picture.quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    counts = few.histogram()
    palette = few.getpalette() or [255, 255, 255]
    index = counts.index(max(counts))
    red, green, blue = palette[3 * index : 3 * index + 3]
    return red, green, blue


def ink_on(ground: tuple[int, int, int]) -> str:
    """Return black or white, whichever is more readable on a colour (WCAG 2.2 contrast, at least 4.5)."""
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in ground]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


def _opened(cover: Asset) -> Image.Image:
    with Image.open(io.BytesIO(cover.data), formats=("JPEG", "PNG")) as opened:
        if "A" not in opened.getbands() and "transparency" not in opened.info:
            return opened.convert("RGB")
        image = opened.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    return white


def _extended(picture: Image.Image, size: tuple[int, int], corner: tuple[int, int]) -> Image.Image:
    """Return the picture at its position in a panel, with its edges reflected: first sideways, then upwards and
    downwards."""
    left, right = corner[0], size[0] - corner[0] - picture.width
    top, bottom = corner[1], size[1] - corner[1] - picture.height
    if max(left, right) > _MAX_REFLECTED * picture.width or max(top, bottom) > _MAX_REFLECTED * picture.height:
        panel = Image.new("RGB", size, ground_of(raster_asset(picture, "front.jpg", lossy=False)))
        panel.paste(picture, corner)
        return panel
    wide = _widened(picture, left, right).transpose(Image.Transpose.ROTATE_90)
    return _widened(wide, top, bottom).transpose(Image.Transpose.ROTATE_270)


def _widened(picture: Image.Image, left: int, right: int) -> Image.Image:
    """Return the picture with strips on both sides, each a repeated mirror image of its edge."""
    width, height = picture.size
    fold = max(1, round(_FOLD * width))
    wide = Image.new("RGB", (left + width + right, height))
    wide.paste(picture, (left, 0))
    for position in range(-left, width + right):
        if not 0 <= position < width:
            beyond = -1 - position if position < 0 else position - width
            inside = beyond % (2 * fold)
            inside = inside if inside < fold else 2 * fold - 1 - inside
            source = inside if position < 0 else width - 1 - inside
            wide.paste(picture.crop((source, 0, source + 1, height)), (left + position, 0))
    return wide
