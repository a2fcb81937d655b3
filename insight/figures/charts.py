"""Bar charts as numbers for SVG: no style attributes, whole numbers, and a table of the same values beside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.templatetags.money import day as written_day
from common.templatetags.money import number

WIDTH, HEIGHT = 1200, 200
_MAX_BARS = 92
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its words. `height` is 0 for nothing."""

    x: int
    y: int
    width: int
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars in a box of WIDTH by HEIGHT, which the page stretches: words stand beside it. `top` is what the top line
    stands for, `days` are the first, the middle and the last day.
    """

    bars: list[Bar]
    days: list[date]
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(values: Sequence[tuple[date, int]]) -> BarChart:
    """Return the chart of a value by day; by week if there are more days than bars fit."""
    if len(values) > _MAX_BARS:
        values = _by_week(values)
    top = _round_up(max((value for _day, value in values), default=0))
    step = WIDTH / max(len(values), 1)
    gap = 1 if step < 8 else 4
    bars = []
    for number_of, (when, value) in enumerate(values):
        height = round(HEIGHT * value / top) if top else 0
        height = max(height, 3) if value else 0  # one of a thousand is not nothing
        x = round(number_of * step)
        width = max(round((number_of + 1) * step) - x - gap, 1)
        bars.append(Bar(x, HEIGHT - height, width, height, f"{written_day(when)}: {number(value)}"))
    days = [when for when, _value in values]
    return BarChart(bars, [days[0], days[len(days) // 2], days[-1]] if len(days) > 2 else days, top)


def share_width(value: int, most: int) -> int:
    """Return a bar's width out of 100; something is at least 1."""
    return max(round(100 * value / most), 1) if value and most else 0


def _by_week(values: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Return sums of seven days each, by their first day. The first week may be shorter, so that the last is whole."""
    short = len(values) % _WEEK
    parts = [values[:short]] if short else []
    parts += [values[start : start + _WEEK] for start in range(short, len(values), _WEEK)]
    return [(part[0][0], sum(value for _day, value in part)) for part in parts]


def _round_up(value: int) -> int:
    """Return a number of one digit, 1.5 or 2.5 that is not smaller: what the top line says."""
    if value <= 4:
        return value
    power: int = 10 ** max(len(str(value)) - 2, 0)
    return next(power * step for step in (5, 6, 8, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100) if power * step >= value)
