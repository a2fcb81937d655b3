"""A brush that draws at twice the size and scales down, which smooths the edges.

A whole cover at double size would take 65 MB. So strokes are recorded, and drawn in bands that share one buffer; bands
that no stroke touches keep the background.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw

SCALE = 2
_BANDS = 8

type Place = tuple[float, ...] | Sequence[tuple[float, ...]]


class Brush:
    """Records strokes in doubled coordinates, under the method names of `ImageDraw`."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self._size = (width, height)
        self._ground = ground
        self._strokes: list[tuple[str, list[tuple[float, float]], tuple[Any, ...], dict[str, Any]]] = []

    def ellipse(self, box: Place, **how: Any) -> None:
        self._remember("ellipse", box, **how)

    def line(self, points: Place, **how: Any) -> None:
        self._remember("line", points, **how)

    def pieslice(self, box: Place, start: float, end: float, **how: Any) -> None:
        self._remember("pieslice", box, start, end, **how)

    def polygon(self, points: Place, **how: Any) -> None:
        self._remember("polygon", points, **how)

    def rectangle(self, box: Place, **how: Any) -> None:
        self._remember("rectangle", box, **how)

    def _remember(self, stroke: str, place: Place, *angles: float, **how: Any) -> None:
        flat = [value for item in place for value in (item if isinstance(item, tuple) else (item,))]
        points = list(zip(flat[::2], flat[1::2], strict=True))
        self._strokes.append((stroke, points, angles, how))

    def reduced(self) -> Image.Image:
        """Return the picture at its own size."""
        width, height = self._size
        picture = Image.new("RGB", self._size, self._ground)
        band = -(-height // _BANDS)
        buffer: Image.Image | None = None
        for top in range(0, height, band):
            touching = [stroke for stroke in self._strokes if _touches(stroke[1], stroke[3], top, top + band)]
            if not touching:
                continue
            if buffer is None:
                buffer = Image.new("RGB", (width * SCALE, band * SCALE), None)
            buffer.paste(self._ground, (0, 0, *buffer.size))
            pen = ImageDraw.Draw(buffer)
            for stroke, points, angles, how in touching:
                getattr(pen, stroke)([(x, y - top * SCALE) for x, y in points], *angles, **how)
            picture.paste(buffer.reduce(SCALE), (0, top))
        return picture


def _touches(points: list[tuple[float, float]], how: dict[str, Any], top: int, bottom: int) -> bool:
    room: float = how.get("width", 0) + SCALE
    heights = [y for _, y in points]
    return min(heights) - room < bottom * SCALE and max(heights) + room > top * SCALE
