"""Going up: apps above say how much waits at one of their places in the office's navigation."""

from __future__ import annotations

from collections.abc import Callable

type Count = Callable[[], int]

_counts: dict[str, Count] = {}


def count_with(place: str, count: Count) -> None:
    """Show `count()` beside the place of that address's name."""
    _counts[place] = count


def count_of(place: str) -> int:
    """How much waits there; 0 where nobody counts."""
    count = _counts.get(place)
    return count() if count is not None else 0
