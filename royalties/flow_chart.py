"""The flow chart of money from sale to payout, as SVG paths in whole numbers; no database.

Each stage is a shape in a box of 100 by 64 whose thickness shows its amount, to scale; narrow connections join the
shapes. The chart is horizontal for wide pages and vertical for narrow ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LENGTH = 100
_MIDDLE = 32
_WIDEST = 28
_NARROWS = 3
_DRY = 1
# Move to the start, then alternate a curve (three points) and a line to the next point.
_LETTERS = ("M", "C", "", "", "L", "C", "", "", "L", "C", "", "", "L", "C", "", "")


@dataclass(frozen=True, slots=True)
class Pool:
    """The shape of one stage, horizontal and vertical."""

    lying: str
    standing: str


def pools(amounts: Sequence[int], *, sea: bool = True) -> list[Pool]:
    """Return the shapes of the stages in order.

    With `sea` the last stage has the greatest thickness whenever anything got there: its total only grows, and drawn to
    scale it would reduce all other stages to threads.
    """
    measured = amounts[:-1] if sea else amounts
    largest = max(measured, default=0)
    halves = [_half(amount, largest) for amount in measured]
    if sea:
        halves.append(_WIDEST if amounts[-1] else _DRY)
    joints = [_DRY, *(min(a, b, _NARROWS) for a, b in pairwise(halves)), halves[-1]]
    drawn = []
    for position, half in enumerate(halves):
        points = _outline(position * LENGTH, half, joints[position], joints[position + 1])
        drawn.append(Pool(_path(points), _path([(y, x) for x, y in points])))
    return drawn


def _half(amount: int, largest: int) -> int:
    return max(_NARROWS, _WIDEST * amount // largest) if amount > 0 else _DRY


def _outline(start: int, half: int, before: int, after: int) -> list[tuple[int, int]]:
    """Return sixteen points in the order of `_path`: along one side of the shape and back along the other."""
    along = [
        (0, before), (22, before), (14, half), (36, half), (64, half), (86, half), (78, after), (LENGTH, after),
    ]  # fmt: skip
    there = [(start + x, _MIDDLE - y) for x, y in along]
    back = [(start + x, _MIDDLE + y) for x, y in reversed(along)]
    return there + back


def _path(points: Sequence[tuple[int, int]]) -> str:
    return "".join(f"{letter}{x} {y} " for letter, (x, y) in zip(_LETTERS, points, strict=True)) + "Z"
