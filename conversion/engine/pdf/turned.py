"""Pages of vertical text: set lying on their side, then turned a quarter to the right.

On the page as it is set, lines run from left to right and follow each other downwards; turned, they run downwards and
follow each other from right to left. What is above a line (readings of ruby) comes to stand on its right, where it
belongs. See `upright.py` for the letters.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace

from PIL import Image

from ..book.model import Asset
from ..images import raster
from ..targets import Margins, Target
from .page_batch import Leaf, Link, PageBatch

_LEVEL = 6
_RECT = re.compile(rb"/Rect ?\[([^\]]*)\]")
_JPEG_QUALITY = 90


def rotated(target: Target) -> Target:
    """The target as its pages are set: top and bottom were right and left, and take turns on facing pages."""
    margins = target.margins
    sides = Margins(top=margins.inner, bottom=margins.outer, inner=margins.top, outer=margins.bottom)
    return replace(target, width_mm=target.height_mm, height_mm=target.width_mm, margins=sides)


def page_css(target: Target, *, is_verso: bool) -> str:
    """The rules that make the margins of a lying target's pages take turns. Books of vertical text are bound on the
    right: the first page is a left one, with its inner margin on the right, which lies above."""
    margins = target.margins
    inner_above = f"margin: {margins.top}mm {margins.outer}mm {margins.bottom}mm {margins.inner}mm;"
    outer_above = f"margin: {margins.bottom}mm {margins.outer}mm {margins.top}mm {margins.inner}mm;"
    if not target.is_facing:
        return f"@page {{ {inner_above} }}\n"
    first, second = (":left", ":right") if is_verso else (":right", ":left")
    return f"@page {first} {{ {inner_above} }}\n@page {second} {{ {outer_above} }}\n"


def turn(batch: PageBatch) -> None:
    """Turn all pages of a batch to the right, with their links and anchors."""
    widths = [leaf.width for leaf in batch.leaves]
    for leaf in batch.leaves:
        _turn_leaf(leaf)
    batch.anchors = {name: (page, y, widths[page] - x) for name, (page, x, y) in batch.anchors.items()}


def _turn_leaf(leaf: Leaf) -> None:
    turning = b"q 0 -1 1 0 0 %.4f cm\n" % leaf.width
    leaf.content = zlib.compress(turning + zlib.decompress(leaf.content) + b"\nQ", _LEVEL)
    leaf.links = [_turned_link(link, leaf.width) for link in leaf.links]
    leaf.width, leaf.height = leaf.height, leaf.width


def _turned_link(link: Link, width: float) -> Link:
    def turned(match: re.Match[bytes]) -> bytes:
        left, bottom, right, top = map(float, match[1].split())
        return b"/Rect[%.3f %.3f %.3f %.3f]" % (bottom, width - right, top, width - left)

    return replace(link, entries=_RECT.sub(turned, link.entries))


def turned_picture(asset: Asset) -> tuple[bytes, str]:
    """A picture turned to the left, so that it stands upright on the finished page, and its media type."""
    if asset.media_type == "image/svg+xml":
        picture = raster.drawn(asset)
        if picture is None:
            return asset.data, asset.media_type
        asset = picture
    with Image.open(io.BytesIO(asset.data), formats=("JPEG", "PNG")) as image:
        out = io.BytesIO()
        turned = image.transpose(Image.Transpose.ROTATE_90)
        if asset.media_type == "image/jpeg":
            turned.save(out, "JPEG", quality=_JPEG_QUALITY)
        else:
            turned.save(out, "PNG")
    return out.getvalue(), asset.media_type
