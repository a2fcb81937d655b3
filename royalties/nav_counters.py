"""A registry of counters: apps above tell the finance navigation how much work waits on one of their pages."""

from __future__ import annotations

from collections.abc import Callable

type Count = Callable[[], int]

_counts: dict[str, Count] = {}


def count_with(place: str, count: Count) -> None:
    """Show the result of `count()` beside the page with this URL name."""
    _counts[place] = count


def count_of(place: str) -> int:
    """Return how much waits on that page; 0 when no counter is registered."""
    count = _counts.get(place)
    return count() if count is not None else 0
