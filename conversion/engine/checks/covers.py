"""Measure a cover: how dark it is, and how much of it remains visible as a small picture in a list.

Whether a title is legible is not measured: only a person can tell. What is measured is that nothing could be read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from ..book.model import Asset
from ..findings.model import Finding
from .making import make_finding

LIST_WIDTH_PX = 60
LOOKED_AT_WIDTH_PX = 400
SHARE = 200  # one pixel in this many may be darker, or lighter, than the measured extreme
DARK = 80  # of 255
MIN_CONTRAST = 60  # of 255


def of_cover(cover: Asset) -> Iterator[Finding]:
    """Report on a raster cover that a person made."""
    with Image.open(io.BytesIO(cover.data), formats=("JPEG", "PNG")) as opened:
        opened.draft("RGB", (LOOKED_AT_WIDTH_PX, LOOKED_AT_WIDTH_PX * 2))
        picture = opened.convert("RGB")
    height = max(1, round(picture.height * LOOKED_AT_WIDTH_PX / picture.width))
    picture = picture.resize((LOOKED_AT_WIDTH_PX, height), Image.Resampling.BOX)
    darkest, lightest = _extremes(picture)
    if lightest < DARK:
        yield make_finding("cover.dark")
    elif lightest - darkest < MIN_CONTRAST:
        yield make_finding("cover.low-contrast")


def _extremes(picture: Image.Image) -> tuple[int, int]:
    """Return the darkest and the lightest value at list size, ignoring single pixels."""
    small = picture.convert("L").resize(
        (LIST_WIDTH_PX, max(1, round(picture.height * LIST_WIDTH_PX / picture.width))), Image.Resampling.LANCZOS
    )
    counts = small.histogram()
    few = small.width * small.height // SHARE
    return _level(counts, few), 255 - _level(counts[::-1], few)


def _level(counts: list[int], wanted: int) -> int:
    seen = 0
    for level, count in enumerate(counts):
        seen += count
        if seen > wanted:
            return level
    return 255
