"""Mathematics as pictures, for media that do not lay out MathML: ziamath draws it as SVG."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_SIZE = 20.0
_BOX = re.compile(r'viewBox="([-0-9.]+) ([-0-9.]+) ([-0-9.]+) ([-0-9.]+)"')


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn formula. Lengths in em; `depth` is how far it reaches below the baseline."""

    svg: str
    width: float
    depth: float


@lru_cache(maxsize=4096)
def draw(mathml: str) -> Drawing | None:
    """Return a formula drawn, or None where ziamath cannot draw it."""
    from ziamath.zmath import Math

    try:
        svg = Math(mathml, size=_SIZE).svg()
    except Exception:
        # ziamath raises whatever it stumbles over; the caller then shows the alternative text.
        return None
    box = _BOX.search(svg)
    if box is None:
        return None
    _, top, width, height = map(float, box.groups())
    if width <= 0 or height <= 0:
        return None
    return Drawing(svg, width / _SIZE, (height + top) / _SIZE)
