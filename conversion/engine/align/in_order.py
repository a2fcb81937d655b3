"""What two sequences have in common, in the same order.

difflib alone is quadratic where elements repeat, so elements that stand once in both divide the sequences first
(patience diff), or runs of them, and difflib gets what is small.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

_SMALL = 10_000  # length of one times length of the other, for difflib
_BEARABLE = 1_000_000  # the same, where nothing stands once in both
_WIDTHS = (1, 4, 16)  # of the runs that are looked for once in both
_SURE = 3  # equal elements at an end that need not be part of a longer run elsewhere
_TWICE = -1

type Match = tuple[int, int, int]  # place in the one, place in the other, length


class _Area(NamedTuple):
    """A range of the one and a range of the other."""

    low: int
    high: int
    other_low: int
    other_high: int

    @property
    def size(self) -> int:
        return (self.high - self.low) * (self.other_high - self.other_low)

    @property
    def shorter(self) -> int:
        return min(self.high - self.low, self.other_high - self.other_low)


def in_order(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Match]:
    """Return the runs that both have, in order; none overlaps another."""
    found: list[Match] = []
    waiting = [_Area(0, len(one), 0, len(other))]
    while waiting:
        area = waiting.pop()
        sure = 1 if area.size > _SMALL else _SURE
        if (start := _equal(one, other, area)) >= min(sure, area.shorter):
            found.append((area.low, area.other_low, start))
            area = area._replace(low=area.low + start, other_low=area.other_low + start)
        if (end := _equal_from_end(one, other, area)) >= min(sure, area.shorter):
            area = area._replace(high=area.high - end, other_high=area.other_high - end)
            found.append((area.high, area.other_high, end))
        if area.size > _SMALL and (anchors := _anchors(one, other, area)):
            waiting += _between(anchors, area)
        elif 0 < area.size <= _BEARABLE:
            found += _by_difflib(one, other, area)
    return sorted(match for match in found if match[2])


def _by_difflib(one: Sequence[Hashable], other: Sequence[Hashable], area: _Area) -> Iterator[Match]:
    ours, theirs = one[area.low : area.high], other[area.other_low : area.other_high]
    for match in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()[:-1]:
        yield area.low + match.a, area.other_low + match.b, match.size


def _equal(one: Sequence[Hashable], other: Sequence[Hashable], area: _Area) -> int:
    count = 0
    while count < area.shorter and one[area.low + count] == other[area.other_low + count]:
        count += 1
    return count


def _equal_from_end(one: Sequence[Hashable], other: Sequence[Hashable], area: _Area) -> int:
    count = 0
    while count < area.shorter and one[area.high - 1 - count] == other[area.other_high - 1 - count]:
        count += 1
    return count


def _anchors(one: Sequence[Hashable], other: Sequence[Hashable], area: _Area) -> list[tuple[int, int]]:
    """Return the longest series of places in the order of both, where an element stands that stands once in both
    ranges; where there is none, of runs of elements."""
    for width in _WIDTHS:
        here = _once(one, area.low, area.high, width)
        there = _once(other, area.other_low, area.other_high, width)
        if found := [(place, there[run]) for run, place in here.items() if run in there]:
            return increasing(found)
    return []


def _once(sequence: Sequence[Hashable], low: int, high: int, width: int) -> dict[Hashable, int]:
    """Return the places of runs of so many elements that stand once in a range, in order."""
    places: dict[Hashable, int] = {}
    for place in range(low, high - width + 1):
        run = sequence[place] if width == 1 else tuple(sequence[place : place + width])
        places[run] = _TWICE if run in places else place
    return {run: place for run, place in places.items() if place != _TWICE}


def increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence whose second members increase; the first members do already."""
    ends: list[int] = []  # smallest last member of a subsequence of each length
    at: list[int] = []
    before: list[int] = []
    for index, (_, member) in enumerate(pairs):
        length = bisect_left(ends, member)
        before.append(at[length - 1] if length else -1)
        if length == len(ends):
            ends.append(member)
            at.append(index)
        else:
            ends[length], at[length] = member, index
    chosen: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    return chosen[::-1]


def _between(anchors: list[tuple[int, int]], area: _Area) -> Iterator[_Area]:
    """Yield the ranges from each anchor, itself included, to the next."""
    steps = [(area.low, area.other_low), *anchors, (area.high, area.other_high)]
    for (low, other_low), (high, other_high) in pairwise(steps):
        yield _Area(low, high, other_low, other_high)
