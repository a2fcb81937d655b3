"""Lines of a series as numbers for SVG: whole numbers, no style attributes. The page has a table of the same values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_EDGE = 6


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines in a box that the page stretches. `lines` break where nothing could be said; `dots` are single moves of a
    pen, so that a round cap draws them. `lowest` and `highest` are what the edges stand for.
    """

    lines: list[str]
    low_lines: list[str]
    high_lines: list[str]
    dots: list[str]
    alarms: list[str]
    lowest: int
    highest: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Point:
    """One period's value with its limits."""

    value: int | None
    low: int | None = None
    high: int | None = None
    is_alarm: bool = False


def line_chart(points: Sequence[Point], *, width: int, height: int, has_limits: bool = True) -> LineChart:
    """Return the chart of these points, the oldest first."""
    limits = [limit for one in points for limit in (one.low, one.high)] if has_limits else []
    known = [value for value in (*(one.value for one in points), *limits) if value is not None]
    lowest, highest = min([0, *known]), max([1, *known])

    def place(number: int, value: int) -> str:
        x = _EDGE + round((width - 2 * _EDGE) * number / max(len(points) - 1, 1))
        y = height - _EDGE - round((height - 2 * _EDGE) * (value - lowest) / (highest - lowest))
        return f"{x},{y}"

    def lines(values: Sequence[int | None]) -> list[list[str]]:
        runs: list[list[str]] = [[]]
        for number, value in enumerate(values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(place(number, value))
        return [run for run in runs if run]

    drawn = lines([one.value for one in points])
    alone = [f"M{run[0]}h0" for run in drawn if len(run) == 1]
    last = [f"M{drawn[-1][-1]}h0"] if drawn and points[-1].value is not None else []
    return LineChart(
        lines=[" ".join(run) for run in drawn if len(run) > 1],
        low_lines=[" ".join(run) for run in lines([one.low for one in points]) if len(run) > 1] if has_limits else [],
        high_lines=[" ".join(run) for run in lines([one.high for one in points]) if len(run) > 1] if has_limits else [],
        dots=[*alone, *last],
        alarms=[
            f"M{place(number, one.value)}h0"
            for number, one in enumerate(points)
            if one.is_alarm and one.value is not None
        ],
        lowest=lowest,
        highest=highest,
        width=width,
        height=height,
    )
