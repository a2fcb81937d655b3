"""Books that readers may read without having bought them: the author gave them a copy in advance, or they brought the
file themselves.

An app above keeps these copies and registers how they are found. They are no entitlements: nothing was sold, so nothing
can be returned, and they count for nobody's sales, ranking or standing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from accounts.models import User
from common import clock
from publishing.models import Work


@dataclass(frozen=True, slots=True)
class GivenCopy:
    """A copy that can be read up to and including its last day; without one, for good."""

    work_id: int
    last_day: date | None
    may_download: bool
    given_at: datetime
    is_watermarked: bool = False  # its EPUBs carry marks of this copy


class CopySource(Protocol):
    """Where copies are kept."""

    def lasting(self, user: User, works: Collection[int] | None, on: date) -> dict[int, GivenCopy]:
        """Return the copies that the person can read on that day, by work: of these works, or of all for None."""

    def ever_given(self, user: User, works: Collection[int]) -> set[int]:
        """Return of which of these works the person has had a copy, whatever became of it."""


_sources: list[CopySource] = []


def register(source: CopySource) -> None:
    """Have `source` asked for copies. Called once, when its app is ready."""
    _sources.append(source)


def today() -> date:
    """Return the day that a copy must last to be read now: its last day is over once it is over everywhere."""
    return clock.last_day_until(clock.now())


def lasting(user: User, works: Collection[int] | None = None) -> dict[int, GivenCopy]:
    """Return the copies that the person can read now, by work (primary keys): of these works, or of all for None.

    A copy ends by the clock; no job ends it.
    """
    if works is not None and not works:
        return {}
    return {pk: copy for source in _sources for pk, copy in source.lasting(user, works, today()).items()}


def ever_given(user: User, works: Collection[int]) -> set[int]:
    """Return of which of these works (primary keys) the person has had a copy, whatever became of it."""
    return set().union(*(source.ever_given(user, works) for source in _sources)) if works else set()


def copy_of(user: User, work: Work) -> GivenCopy | None:
    """Return the copy of the work that the person can read now."""
    return lasting(user, [work.pk]).get(work.pk)


def was_given(user: User, work: Work) -> bool:
    """Return whether the person has had a copy of the work, whatever became of it."""
    return work.pk in ever_given(user, [work.pk])
