"""White streaks, told from spaces that only happen to be near."""

from __future__ import annotations

from conversion.engine.proof import rivers
from conversion.engine.proof.pages import Box


def gap(row: int, left: float, width: float = 1.0) -> Box:
    return Box(left, row * 5.0, left + width, row * 5.0 + 4)


def test_wide_spaces_under_each_other_are_a_river():
    lines = [
        [gap(row, 10), gap(row, 25, 1.0), gap(row, 40 + row * 0.5, 2.5), gap(row, 60 + row * 4)] for row in range(7)
    ]
    (river,) = rivers.find(lines)
    assert (round(river.left), round(river.right)) == (40, 46)
    assert river.height > 30


def test_narrow_ones_are_none():
    assert rivers.find([[gap(row, 10 + row * 0.3), gap(row, 40)] for row in range(7)]) == []


def test_five_lines_are_too_few():
    lines = [[gap(row, 10), gap(row, 20), gap(row, 40, 2.5)] for row in range(5)]
    assert rivers.find(lines) == []


def test_a_gap_between_lines_ends_it():
    lines = [[gap(row, 10), gap(row, 20), gap(row, 40, 2.5)] for row in (0, 1, 2, 3, 9, 10, 11, 12)]
    assert rivers.find(lines) == []
