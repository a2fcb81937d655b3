"""Lines: what holds for every paragraph, and what total fit is for."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from conversion.engine.pdf.prose.breaking import SHRINK, STRETCH, Points, Shape, plain_points, total_fit

_SPACE = 0.25
_WIDTHS = st.lists(st.floats(0.3, 4.0), min_size=1, max_size=120)
_MEASURES = st.floats(8.0, 30.0)
_A_LITTLE = 1e-6


def _points(widths: list[float]) -> Points:
    return plain_points(widths, [_SPACE] * len(widths))


def _lines(ends: list[int]) -> list[tuple[int, int]]:
    return list(pairwise([0, *ends]))


def _narrowest(points: Points, start: int, end: int) -> float:
    gaps = points.end_gaps[end] - points.start_gaps[start]
    return points.end[end] - points.start[start] - SHRINK * gaps


@given(_WIDTHS, _MEASURES, st.booleans())
def test_every_word_is_in_one_line_and_no_line_is_too_long(
    widths: list[float], measure: float, justified: bool
) -> None:
    points = _points(widths)
    ends = total_fit(points, Shape(measure, (), justified), is_last_try=True)
    assert ends is not None
    assert ends == sorted(set(ends))
    assert ends[-1] == len(widths)
    for start, end in _lines(ends):
        width = _narrowest(points, start, end) if justified else points.end[end] - points.start[start]
        assert width <= measure + _A_LITTLE


@given(_WIDTHS, _MEASURES)
def test_a_first_try_takes_no_line_that_is_too_loose(widths: list[float], measure: float) -> None:
    points = _points(widths)
    ends = total_fit(points, Shape(measure), is_last_try=False)
    for start, end in _lines(ends or [])[:-1]:
        gaps = points.end_gaps[end] - points.start_gaps[start]
        widest = points.end[end] - points.start[start] + STRETCH * gaps
        assert widest >= measure - _A_LITTLE


@given(_WIDTHS, _MEASURES, st.lists(st.floats(5.0, 8.0), min_size=1, max_size=4))
def test_lines_beside_an_initial_keep_to_their_own_room(
    widths: list[float], measure: float, first: list[float]
) -> None:
    points = _points(widths)
    ends = total_fit(points, Shape(measure, tuple(first)), is_last_try=True)
    assert ends is not None
    for number, (start, end) in enumerate(_lines(ends)):
        room = first[number] if number < len(first) else measure
        assert _narrowest(points, start, end) <= room + _A_LITTLE


def test_looks_ahead_where_filling_line_by_line_would_leave_a_hole() -> None:
    # Filled greedily, the first line takes "aaa bb cc" and leaves "ddddd" alone in a line of half its width.
    widths = [3.0, 2.0, 2.0, 5.0, 6.0]
    points = plain_points(widths, [1.0] * len(widths))
    assert total_fit(points, Shape(9.0, (), is_justified=False), is_last_try=True) == [2, 4, 5]


def test_a_word_wider_than_the_measure_stands_alone() -> None:
    points = _points([2.0, 40.0, 2.0])
    assert total_fit(points, Shape(10.0), is_last_try=True) == [1, 2, 3]
