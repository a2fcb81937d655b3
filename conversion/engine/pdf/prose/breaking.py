"""Where lines end: the whole paragraph at once, after Knuth and Plass.

Every place where a line may end is a point. A line from point i to point j is judged by how far its spaces are from
their natural width, by the hyphen at its end and by its neighbours; the best way through the paragraph is found by
going over the points once. As widths are summed up beforehand, the few ends that a start can have are found by
bisection, and only they are looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf
from operator import add, sub

STRETCH = 0.7  # of a space, at which a line is as loose as we like to see it
SHRINK = 0.2
HYPHEN = 60.0  # what it costs to end a line with a hyphen
_LADDER = 9000.0
_LAST_HYPHEN = 50_000.0
_CLASH = 6000.0  # a tight line beside a loose one
_SHORT_LAST = 8000.0
_LINE = 10.0
_SHORT = 0.14  # of the measure: a last line that hardly is one
_MAX_BADNESS = 10_000.0
_MAX_WAYS = 6
_GOOD = 8_000.0  # what lines beside an initial may cost each, before hyphens are thought of
_RAG = 0.14  # of the measure: how far from the edge a ragged line ends without remark


@dataclass(slots=True)
class Points:
    """The places where lines may end, as sums in em: for point b, `start` is where a line begins that follows it,
    `end` where one ends that is broken there; `gaps` are the spaces before either. `at` tells the word (and the letter
    in it) a line begins with. `cost` is what it costs to end a line there: HYPHEN or more for a hyphen. A line is taken
    that is looser than `loosest` times STRETCH only where there is no other."""

    start: list[float]
    end: list[float]
    start_gaps: list[float]
    end_gaps: list[float]
    at: list[tuple[int, int]] | None = None
    cost: list[float] | None = None
    loosest: float = 1.0
    start_tight: list[float] = field(default_factory=list)
    end_tight: list[float] = field(default_factory=list)
    start_loose: list[float] = field(default_factory=list)
    end_loose: list[float] = field(default_factory=list)

    def measure_spaces(self) -> None:
        """Sum up how narrow and how wide lines may be; only justified ones ask for it."""
        loose = STRETCH * self.loosest
        self.start_tight = [at - SHRINK * gap for at, gap in zip(self.start, self.start_gaps, strict=True)]
        self.end_tight = [at - SHRINK * gap for at, gap in zip(self.end, self.end_gaps, strict=True)]
        self.start_loose = [at + loose * gap for at, gap in zip(self.start, self.start_gaps, strict=True)]
        self.end_loose = [at + loose * gap for at, gap in zip(self.end, self.end_gaps, strict=True)]


def plain_points(widths: Sequence[float], gaps: Sequence[float]) -> Points:
    """Return the points between words."""
    ends = list(accumulate(map(add, widths, gaps), initial=0.0))
    sums = list(accumulate(gaps, initial=0.0))
    return Points(ends, [0.0, *map(sub, ends[1:], gaps)], sums, [0.0, *map(sub, sums[1:], gaps)])


@dataclass(frozen=True, slots=True)
class Shape:
    """The room for lines, in em: `first` are the widths of the first lines, `measure` that of all others."""

    measure: float
    first: tuple[float, ...] = ()
    is_justified: bool = True


def total_fit(points: Points, shape: Shape, *, is_last_try: bool) -> list[int] | None:
    """Return the points at which lines end, the last included; None when no way is good enough and there is a
    further try. The last try always finds a way, if need be with lines too long."""
    count = len(points.start) - 1
    if shape.is_justified and not points.start_tight:
        points.measure_spaces()
    if len(shape.first) > 1:
        return _levels(points, shape, is_last_try=is_last_try)
    first = shape.first[0] if shape.first else shape.measure
    if points.end[count] - points.start[0] <= first:
        return [count]
    if shape.is_justified:
        return _justified(points, first, shape.measure, is_last_try=is_last_try)
    return _ragged(points, first, shape.measure, is_last_try=is_last_try)


def _justified(points: Points, first: float, measure: float, *, is_last_try: bool) -> list[int] | None:  # noqa: C901, PLR0912, PLR0915
    """The hot loop of the engine: kept in one function, since a call for each line looked at would double its time."""
    start, end, start_gaps, end_gaps = points.start, points.end, points.start_gaps, points.end_gaps
    start_tight, end_tight, start_loose, end_loose = (
        points.start_tight, points.end_tight, points.start_loose, points.end_loose
    )  # fmt: skip
    cost = points.cost
    count = len(start) - 1
    size = count + 1
    best = [inf] * size
    best[0] = 0.0
    back = [0] * size
    tone = [0.0] * size  # how loose (above 0) or tight the line is that ends here
    ladder = [0] * size
    room = first
    short = measure * _SHORT
    for i in range(count):
        base = best[i]
        if base == inf:
            continue
        high = bisect_right(end_tight, start_tight[i] + room, i + 1, min(i + 64, size))
        low = bisect_left(end_loose, start_loose[i] + room, i + 1, high)
        begin, begin_gaps, before = start[i], start_gaps[i], tone[i]
        if high > count:
            # The rest fits: a last line is as wide as it is, unless it must be made tighter.
            left = room - end[count] + begin
            ratio = -left / ((end_gaps[count] - begin_gaps) * SHRINK) if left < 0 else 0.0
            total = base + (_LINE + 100 * ratio**3) ** 2
            if end[count] - begin < short:
                total += _SHORT_LAST
            if ladder[i]:
                total += _LAST_HYPHEN
            if total < best[count]:
                best[count], back[count] = total, i
            high = count
        if low >= high and is_last_try:
            # Nothing is good: the fullest line that fits, or the shortest that there is.
            low = high - 1 if high - 1 > i else i + 1
            high = low + 1
            if low > count or (low == count and best[count] < inf):
                high = low
        for j in range(low, high):
            left = room - end[j] + begin
            if left >= 0.0:
                gaps = end_gaps[j] - begin_gaps
                ratio = left / (gaps * STRETCH) if gaps > 0.0 else 9.0
                badness = 100.0 * ratio * ratio * ratio
            else:
                gaps = end_gaps[j] - begin_gaps
                ratio = left / (gaps * SHRINK) if gaps > 0.0 else -9.0
                badness = -100.0 * ratio * ratio * ratio
            if badness > _MAX_BADNESS:
                badness = _MAX_BADNESS - left if left < 0 else _MAX_BADNESS
            badness += _LINE
            total = base + badness * badness
            if cost is not None and (price := cost[j]):
                total += price * price
                if ladder[i]:
                    total += _LADDER * ladder[i] * ladder[i]
            clash = ratio - before
            if clash > 1.0 or clash < -1.0:
                total += _CLASH
            if total < best[j]:
                best[j], back[j], tone[j] = total, i, ratio
                ladder[j] = ladder[i] + 1 if cost is not None and cost[j] >= HYPHEN else 0
        room = measure
    if best[count] == inf:
        return None
    return _way(back, count)


def _ragged(points: Points, first: float, measure: float, *, is_last_try: bool) -> list[int] | None:
    """Lines of their natural width, ending as evenly as they can."""
    start, end, cost = points.start, points.end, points.cost
    count = len(start) - 1
    size = count + 1
    best = [inf] * size
    best[0] = 0.0
    back = [0] * size
    ladder = [0] * size
    room = first
    rag = measure * _RAG
    widest = rag * (4.0 if is_last_try else 1.7)
    for i in range(count):
        base = best[i]
        if base == inf:
            continue
        begin = start[i]
        high = bisect_right(end, begin + room, i + 1, size)
        if high > count:
            total = base + (_SHORT_LAST if end[count] - begin < measure * _SHORT else 0.0) + 50.0
            if total + (_LAST_HYPHEN if ladder[i] else 0.0) < best[count]:
                best[count], back[count] = total + (_LAST_HYPHEN if ladder[i] else 0.0), i
            high = count
        low = bisect_left(end, begin + room - widest, i + 1, high)
        if low >= high and is_last_try:
            low = high - 1 if high - 1 > i else i + 1
            high = low + 1
            if low > count or (low == count and best[count] < inf):
                high = low
        for j in range(low, high):
            left = room - end[j] + begin
            ratio = left / rag
            badness = _LINE + 100.0 * ratio * ratio if left >= 0.0 else _MAX_BADNESS - left
            total = base + badness * badness
            if cost is not None and (price := cost[j]):
                total += price * price * 2.0 + _LADDER * ladder[i]
            if total < best[j]:
                best[j], back[j] = total, i
                ladder[j] = ladder[i] + 1 if cost is not None and cost[j] >= HYPHEN else 0
        room = measure
    if best[count] == inf:
        return None
    return _way(back, count)


def _way(back: list[int], count: int) -> list[int]:
    ends = [count]
    while (at := back[ends[-1]]) > 0:
        ends.append(at)
    ends.reverse()
    return ends


def _levels(points: Points, shape: Shape, *, is_last_try: bool) -> list[int] | None:
    """Lines of several widths, as beside an initial: for each of the first lines the best way to every end is kept,
    then the rest is broken from each of the ends they may have."""
    count = len(points.start) - 1
    ways: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for number, room in enumerate(shape.first):
        further: dict[int, tuple[float, list[int]]] = {}
        for at, (total, ends) in ways.items():
            if at == count:
                _keep(further, at, total, ends)
                continue
            for end, price in _ends(points, at, room, is_justified=shape.is_justified):
                _keep(further, end, total + price, [*ends, end])
        ways = further
        if number + 1 < len(shape.first):
            ways = dict(sorted(ways.items(), key=lambda way: way[1][0])[:_MAX_WAYS])
    best: tuple[float, list[int]] | None = None
    for at, (begun, ends) in ways.items():
        tail: list[int] = []
        total = begun
        if at < count:
            rest = _rest(points, at)
            tail = total_fit(rest, Shape(shape.measure, (), shape.is_justified), is_last_try=True) or [count - at]
            total += _judged(rest, tail, shape)
        if best is None or total < best[0]:
            best = (total, ends + [at + end for end in tail])
    if best is None:
        return [count]
    return best[1] if is_last_try or best[0] < _GOOD * len(best[1]) else None


def _keep(ways: dict[int, tuple[float, list[int]]], end: int, total: float, ends: list[int]) -> None:
    if end not in ways or total < ways[end][0]:
        ways[end] = (total, ends)


def _ends(points: Points, at: int, room: float, *, is_justified: bool) -> list[tuple[int, float]]:
    """The ends a line may have, with what each costs: those that fit best."""
    count = len(points.start) - 1
    ends = points.end_tight if is_justified else points.end
    start = points.start_tight[at] if is_justified else points.start[at]
    high = bisect_right(ends, start + room, at + 1, count + 1)
    if high > count:
        return [(count, 0.0)]
    return [
        (end, _price(points, at, end, room, is_justified=is_justified)) for end in range(max(high - 4, at + 1), high)
    ] or [(at + 1, _MAX_BADNESS**2)]


def _price(points: Points, at: int, end: int, room: float, *, is_justified: bool) -> float:
    left = room - points.end[end] + points.start[at]
    gaps = points.end_gaps[end] - points.start_gaps[at]
    if is_justified:
        ratio = left / (gaps * (STRETCH if left >= 0 else SHRINK)) if gaps > 0 else 9.0
        badness = 100.0 * abs(ratio) ** 3
    else:
        badness = 100.0 * (left / (room * _RAG)) ** 2
    hyphen = points.cost[end] if points.cost is not None else 0.0
    return (_LINE + min(badness, _MAX_BADNESS)) ** 2 + hyphen * hyphen


def _judged(points: Points, ends: list[int], shape: Shape) -> float:
    """What lines cost in all, the last of them nothing."""
    starts = [0, *ends[:-1]]
    return sum(
        _price(points, at, end, shape.measure, is_justified=shape.is_justified)
        for at, end in zip(starts[:-1], ends[:-1], strict=True)
    )


def _rest(points: Points, at: int) -> Points:
    """The points from one on, as a paragraph of its own."""
    return Points(
        points.start[at:],
        points.end[at:],
        points.start_gaps[at:],
        points.end_gaps[at:],
        None,
        points.cost[at:] if points.cost else None,
        points.loosest,
    )
