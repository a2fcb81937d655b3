"""What a count gives, its unit, and the sums that several figures share. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from common.money import divide_half_up
from insight.searches import disclosure


class Unit(StrEnum):
    """What the whole number of a value means."""

    COUNT = "count"
    SHARE = "share"  # hundredths of a percent
    DAYS = "days"
    HOURS = "hours"  # tenths
    SECONDS = "seconds"  # tenths
    MONEY = "money"  # minor units; the part is the currency
    RATIO = "ratio"  # hundredths


@dataclass(frozen=True, slots=True)
class Value:
    """One counted value. `part` is a currency or a cell, "" for the whole market; `events` is how many it is made of.

    `value` is None where nothing can be said: without events, or where a median is not reached.
    """

    value: int | None
    events: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Waited:
    """How many days something took; or, if it has not happened, has been waited for so far."""

    days: int
    has_happened: bool


def share(some: int, of: int, part: str = "") -> Value:
    """Return a share of how many."""
    return Value(divide_half_up(10_000 * some, of) if of else None, of, part)


def share_of_people(some: int, of: int) -> Value:
    """Return a share of people; nothing of fewer than five."""
    return share(some, of) if disclosure.is_shown(of) else Value(None, 0)


def people_in_cells(counts: Iterable[tuple[str, int]]) -> list[Value]:
    """Return counts of people by cell as they may be told: from five on, rounded to fives."""
    told = [(cell, disclosure.rounded(people)) for cell, people in counts if disclosure.is_shown(people)]
    return [Value(people, people, cell) for cell, people in sorted(told)]


def median_wait(waits: Sequence[Waited]) -> Value:
    """Return the Kaplan-Meier median in days: after how many half have it, counting those who still wait.

    None if fewer than half would have it by the longest wait.
    """
    left, at_risk = Fraction(1), len(waits)
    happened: dict[int, int] = {}
    gone: dict[int, int] = {}
    for wait in waits:
        gone[wait.days] = gone.get(wait.days, 0) + 1
        happened[wait.days] = happened.get(wait.days, 0) + wait.has_happened
    for days in sorted(gone):
        left *= Fraction(at_risk - happened[days], at_risk)
        if left <= Fraction(1, 2):
            return Value(days, len(waits))
        at_risk -= gone[days]
    return Value(None, len(waits))


def quantile(values: Sequence[int], of: int, outof: int) -> Value:
    """Return the smallest value that at least `of` in `outof` of the values do not exceed."""
    if not values:
        return Value(None, 0)
    place = -(-len(values) * of // outof)
    return Value(sorted(values)[max(place, 1) - 1], len(values))


def top_tenth(amounts: Sequence[int], part: str) -> Value:
    """Return the share of all that the top tenth of them has, rounded up to a whole one."""
    total = sum(amounts)
    if not total:
        return Value(None, len(amounts), part)
    most = sorted(amounts, reverse=True)[: -(-len(amounts) // 10)]
    return Value(divide_half_up(10_000 * sum(most), total), len(amounts), part)


def gini(amounts: Sequence[int], part: str) -> Value:
    """Return the Gini coefficient: 0 if all have the same, nearly 1 (10,000) if one has all."""
    total, count = sum(amounts), len(amounts)
    if not total:
        return Value(None, count, part)
    weighed = sum(place * amount for place, amount in enumerate(sorted(amounts), start=1))
    return Value(divide_half_up(10_000 * (2 * weighed - (count + 1) * total), count * total), count, part)
