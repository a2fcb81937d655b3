"""Printers' ornaments as drawings: the packaged fonts have none, and a system's would differ from machine to machine.

An ornament is one filled path in a box of `width` by `height` em, y growing downwards: absolute `M`, `L`, `C` and `Z`
alone, so that an engine that writes PDF itself can draw it without SVG support.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ornament:
    """A drawing with its box in em."""

    width: float
    height: float
    path: str

    def commands(self) -> list[tuple[str, tuple[float, ...]]]:
        """Return the path as letters with their figures: ("M", (x, y)), ("C", (x1, y1, x2, y2, x, y)), ("Z", ())."""
        parts = re.findall(r"([MLCZ])([^MLCZ]*)", self.path)
        return [(letter, tuple(map(float, figures.split()))) for letter, figures in parts]

    def svg(self, color: str = "#000") -> str:
        """Return the drawing as an SVG file of its size in em."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}em" height="{self.height}em" '
            f'viewBox="0 0 {self.width} {self.height}"><path fill="{color}" d="{self.path}"/></svg>'
        )


def _mirrored(path: str, width: float) -> str:
    """Return a path with its mirror image beside it, mirrored at the middle of the box."""

    def mirror(match: re.Match[str]) -> str:
        figures = [float(figure) for figure in match[2].split()]
        turned = [f"{width - x:.4g} {y:.4g}" for x, y in zip(figures[::2], figures[1::2], strict=True)]
        return f"{match[1]}{' '.join(turned)}"

    return path + re.sub(r"([MLC])([^MLCZ]*)", mirror, path)


def _circle(x: float, y: float, radius: float) -> str:
    k = radius * 0.5523
    figures = (
        (x - radius, y),
        (x - radius, y - k, x - k, y - radius, x, y - radius),
        (x + k, y - radius, x + radius, y - k, x + radius, y),
        (x + radius, y + k, x + k, y + radius, x, y + radius),
        (x - k, y + radius, x - radius, y + k, x - radius, y),
    )
    lines = [" ".join(f"{value:.4g}" for value in values) for values in figures]
    return f"M{lines[0]}" + "".join(f"C{line}" for line in lines[1:]) + "Z"


_STAR = (
    "M1.6 .1C1.63 .34 1.71 .42 1.95 .45C1.71 .48 1.63 .56 1.6 .8C1.57 .56 1.49 .48 1.25 .45C1.49 .42 1.57 .34 1.6 .1Z"
)
_LEAVES = "M1.1 .45C.94 .24 .66 .26 .36 .45C.66 .64 .94 .66 1.1 .45Z" + _circle(0.17, 0.45, 0.05)
_STEM = (
    "M3.02 .62C2.4 .2 1.75 .2 1.2 .52C.85 .72 .42 .78 .24 .52C.12 .34 .26 .14 .44 .18C.58 .21 .6 .38 .48 .43"
    "C.56 .34 .5 .24 .42 .24C.3 .24 .24 .38 .32 .5C.46 .7 .84 .64 1.16 .46C1.74 .13 2.42 .14 3.02 .62Z"
)
_LEAF = (
    "M1.62 .34C1.66 .12 1.9 .02 2.14 .06C2.02 .22 1.86 .32 1.62 .34Z"
    "M2.02 .33C2.12 .52 2.32 .6 2.54 .54C2.42 .42 2.24 .34 2.02 .33Z"
)

ORNAMENTS: dict[str, Ornament] = {
    "turn": Ornament(0.6, 0.7, "M.08 .28L.16 .28L.16 .5L.36 .5L.36 .38L.56 .54L.36 .7L.36 .58L.08 .58Z"),
    "dot": Ornament(0.5, 0.5, _circle(0.25, 0.25, 0.13)),
    "rule": Ornament(4.0, 0.3, "M0 .135L4 .135L4 .165L0 .165Z"),
    "sprig": Ornament(3.2, 0.9, _STAR + _mirrored(_LEAVES, 3.2)),
    "vine": Ornament(6.2, 0.85, _mirrored(_STEM + _LEAF, 6.2) + _circle(3.1, 0.68, 0.06)),
}
