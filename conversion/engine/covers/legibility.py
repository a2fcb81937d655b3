"""How much of a cover can be told apart at the size of lists, 60 pixels wide.

Measured is the strongest difference between light and dark within any band as high as two lines of a title: letters
that differ so much from what is behind them can be seen. Whether they can be read, only a person can tell.
"""

from __future__ import annotations

import io

from PIL import Image

LIST_WIDTH_PX = 60
BAND_PX = 12
GOOD_PERCENT = 45
_SHARE = 20  # one pixel in so many may be darker, or lighter, than what is measured


def contrast_percent(cover: bytes) -> int:
    """Return the difference between light and dark, 0 to 100. `cover` is one of our own JPEG or PNG pictures."""
    with Image.open(io.BytesIO(cover), formats=("JPEG", "PNG")) as opened:
        height = max(BAND_PX, round(opened.height * LIST_WIDTH_PX / opened.width))
        small = opened.convert("L").resize((LIST_WIDTH_PX, height), Image.Resampling.LANCZOS)
    bands = (small.crop((0, top, LIST_WIDTH_PX, top + BAND_PX)) for top in range(0, height - BAND_PX + 1, BAND_PX // 2))
    return max(_difference(band) for band in bands)


def _difference(band: Image.Image) -> int:
    levels = sorted(band.tobytes())
    few = len(levels) // _SHARE
    return round((levels[-1 - few] - levels[few]) / 255 * 100)
