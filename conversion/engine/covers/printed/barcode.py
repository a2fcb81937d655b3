"""The EAN-13 barcode of a print edition's ISBN, at its nominal size (GS1 General Specifications; ISO/IEC 15420).

python-barcode encodes the number; the bars are drawn here, as areas of a vector picture, which printers enlarge without
loss.
"""

from __future__ import annotations

import hashlib
from itertools import groupby

from ...book.model import Asset
from .geometry import Box

MODULE_MM = 0.33
_MODULES = 95
_QUIET = (11, 7)  # modules left and right that stay white
_BARS_MM, _GUARD_BARS_MM, _HEIGHT_MM = 22.85, 24.5, 25.93
# The bars at both ends and in the middle reach down between the digits.
_GUARDS = (*range(3), *range(45, 50), *range(92, 95))
_DIGIT = 7  # modules


def bars(isbn: str) -> Asset:
    """Return the bars of an ISBN of thirteen digits, without its digits; a module is a unit wide."""
    from barcode.ean import EuropeanArticleNumber13  # only books with a print ISBN need it

    (pattern,) = EuropeanArticleNumber13(isbn).build()
    tall, short = (round(height / MODULE_MM, 3) for height in (_GUARD_BARS_MM, _BARS_MM))
    areas, x = [], 0
    for (is_black, height), run in groupby(
        (one == "1", tall if place in _GUARDS else short) for place, one in enumerate(pattern)
    ):
        width = len(list(run))
        if is_black:
            areas.append(f'<rect x="{x}" y="0" width="{width}" height="{height}"/>')
        x += width
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_MODULES}" height="{tall}" '
        f'viewBox="0 0 {_MODULES} {tall}" fill="#000000">{"".join(areas)}</svg>'
    ).encode()
    return Asset(hashlib.sha256(drawing).hexdigest(), "image/svg+xml", drawing, _MODULES, round(tall))


def bars_box(area: Box) -> Box:
    """Return where the bars are in the white area: with their quiet zones and digits, in its middle."""
    whole = (_MODULES + sum(_QUIET)) * MODULE_MM
    left = area.left + (area.width - whole) / 2 + _QUIET[0] * MODULE_MM
    top = area.top + (area.height - _HEIGHT_MM) / 2
    return Box(left, top, _MODULES * MODULE_MM, _GUARD_BARS_MM)


def digit_boxes(area: Box) -> list[Box]:
    """Return where the thirteen digits are: the first before the bars, six under each half."""
    found = bars_box(area)
    first = [-_DIGIT - 2, *(3 + _DIGIT * place for place in range(6)), *(50 + _DIGIT * place for place in range(6))]
    top = found.top + _BARS_MM + 0.2
    return [Box(found.left + x * MODULE_MM, top, _DIGIT * MODULE_MM, _HEIGHT_MM - _BARS_MM) for x in first]
