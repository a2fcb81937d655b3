"""Mathematics as pictures, for media that do not lay out MathML: ziamath draws it as SVG.

Formulas are freed of the space their first page had. One that is wider than the page is stacked or broken into lines
(`equations.py`); what is still too wide can be turned by a quarter, where that leaves it larger than scaling does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from . import equations

_SIZE = 20.0
_BOX = re.compile(r'viewBox="([-0-9.]+) ([-0-9.]+) ([-0-9.]+) ([-0-9.]+)"')
_OPENING = re.compile(r"<svg[^>]*>")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn formula. Lengths in em; `depth` is how far it reaches below the baseline."""

    svg: str
    width: float
    height: float
    depth: float


@lru_cache(maxsize=4096)
def draw(mathml: str, widest: float = 0.0) -> Drawing | None:
    """Return a formula drawn, in lines of at most `widest` em where it can be; None where ziamath cannot draw it."""
    mathml = equations.tidied(mathml)
    drawing = _drawn(mathml)
    if drawing is None or not widest or drawing.width <= widest:
        return drawing
    for form in (equations.stacked, lambda formula: equations.broken(formula, widest, _width)):
        mathml = form(mathml)
        other = _drawn(mathml)
        if other is not None and other.width < drawing.width:
            drawing = other
        if drawing.width <= widest:
            break
    return drawing


def _width(mathml: str) -> float:
    drawing = _drawn(mathml)
    return drawing.width if drawing else 0.0


def turned(drawing: Drawing) -> Drawing:
    """Return a drawing turned by a quarter, to be read from the right side of the page."""
    box = _BOX.search(drawing.svg)
    if box is None:
        return drawing
    left, top, width, height = map(float, box.groups())
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{height}" height="{width}" viewBox="0 0 {height} {width}">'
    place = f'<g transform="translate({-top:g} {width + left:g}) rotate(-90)">'
    inside = _OPENING.sub("", drawing.svg, count=1).rpartition("</svg>")[0]
    return replace(
        drawing, svg=f"{head}{place}{inside}</g></svg>", width=drawing.height, height=drawing.width, depth=0.0
    )


def _drawn(mathml: str) -> Drawing | None:
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
    return Drawing(svg, width / _SIZE, height / _SIZE, (height + top) / _SIZE)
