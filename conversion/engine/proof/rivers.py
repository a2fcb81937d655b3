"""Rivers: white streaks where the spaces of consecutive lines meet.

They are measured on a sample of pages, by the positions of words, and reported as advice at most: people disagree about
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from .pages import Box, around

# A river has this many consecutive lines, with spaces this much wider than usual on the page.
_LINES = 6
_WIDER = 1.35
_OVERLAP = 0.5


def find(lines: Sequence[Sequence[Box]]) -> list[Box]:
    """Return the rivers among the spaces of a page's lines, as the box around each."""
    spaces = [gap for line in lines for gap in line]
    if len(spaces) < _LINES:
        return []
    wide = median(gap.width for gap in spaces) * _WIDER
    rivers: list[Box] = []
    open_now: list[list[Box]] = []
    for line in lines:
        running: list[list[Box]] = []
        for gap in line:
            upstream = max((chain for chain in open_now if _meet(chain[-1], gap)), key=len, default=[])
            running.append([*upstream, gap])
        flowing_on = {id(chain[-2]) for chain in running if len(chain) > 1}
        rivers += [box for chain in open_now if id(chain[-1]) not in flowing_on and (box := _river(chain, wide))]
        open_now = running
    return rivers + [box for chain in open_now if (box := _river(chain, wide))]


def _meet(above: Box, below: Box) -> bool:
    """Return whether one space is under the other, on the next line."""
    overlap = min(above.right, below.right) - max(above.left, below.left)
    is_next_line = 0 < below.middle - above.middle < 3 * max(above.height, below.height)
    return is_next_line and overlap >= _OVERLAP * min(above.width, below.width)


def _river(chain: list[Box], wide: float) -> Box | None:
    if len(chain) < _LINES or sum(gap.width for gap in chain) / len(chain) < wide:
        return None
    return around(chain)
