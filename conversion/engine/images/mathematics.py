"""Mathematics as pictures, for media that do not lay out MathML: ziamath draws it as SVG.

Spacing from the formula's original page is removed. A formula wider than the page is stacked or broken into lines
(`equations.py`); if it is still too wide, it can be rotated by a quarter turn, where that leaves it larger than scaling
does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from . import equations

_SIZE = 20.0
_BOX = re.compile(r'viewBox="([-0-9.]+) ([-0-9.]+) ([-0-9.]+) ([-0-9.]+)"')
_OPENING = re.compile(r"<svg[^>]*>")
_TOKENS = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn formula. Lengths in em; `depth` is how far it extends below the baseline."""

    svg: str
    width: float
    height: float
    depth: float


@lru_cache(maxsize=4096)
def draw(mathml: str, widest: float = 0.0) -> Drawing | None:
    """Return a formula drawn in lines of at most `widest` em where possible; None where ziamath cannot draw it."""
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
    """Return a drawing rotated by a quarter turn, to be read from the right side of the page."""
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
    from ziamath.zmath import Math, loadedfonts

    _look_once()
    loadedfonts["default"].language("math", "")  # text in an earlier formula may have changed the script
    try:
        svg = Math(_prepared(mathml), size=_SIZE).svg()
    except Exception:
        # ziamath raises any kind of error; the caller then shows the formula's source.
        return None
    box = _BOX.search(svg)
    if box is None:
        return None
    _, top, width, height = map(float, box.groups())
    if width <= 0 or height <= 0:
        return None
    return Drawing(svg, width / _SIZE, height / _SIZE, (height + top) / _SIZE)


def _prepared(mathml: str) -> ElementTree.Element:
    """Return a formula in a form that ziamath draws completely. ziamath raises at tokens and accents without letters;
    and from a formula passed as text it removes everything between the first operator and the last hyphen."""
    root = ElementTree.fromstring(mathml)  # noqa: S314  # rebuilt by `markup.mathml`, without entities
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name in ("mover", "munder") and len(element) > 1 and not "".join(element[1].itertext()).strip():
            element.tag = f"{element.tag[: -len(name)]}mrow"
            element.remove(element[1])
        if name not in _TOKENS:
            continue
        text = element.text or ""
        if not text:
            element.tag = f"{element.tag[: -len(name)]}mrow"
        elif name == "mo" and text.strip() == "-":
            element.text = _MINUS
        elif name == "mn" and text.startswith("-"):
            element.text = _MINUS + text[1:]
    return root


@lru_cache(maxsize=1)
def _look_once() -> None:
    """Keep ziamath's time linear in a formula's depth. It builds every row twice, the first time to measure its height
    without brackets, and while measuring builds each nested row twice again: sixteen times for four nested rows. A row
    that is only measured has no brackets to stretch, so measuring can stop there."""
    from ziamath.nodes.mrow import Mrow

    look = Mrow._get_height_nostretch

    def looked(self: Mrow, line: list[Any], **kwargs: Any) -> tuple[float, float]:
        return (0.0, 0.0) if kwargs.get("nostretch") else look(self, line, **kwargs)

    Mrow._get_height_nostretch = looked  # type: ignore[method-assign]
