"""A person's reading year: the days on which they read, the books they finished, and their goal.

Days come from what is recorded of bought books anyway (`checkout.models.AccessRecord`): one row a day and book, in UTC.
Nothing is recorded for this page, and nothing counts how long anybody read.
"""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from accounts.models import User
from storefront.checkout.models import AccessKind, AccessRecord
from storefront.shelf.models import YearGoal
from storefront.shelf.selectors.books import ShelvedBook, shelf_of

_CELL, _GAP, _LABEL = 10, 2, 34


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day as it is drawn: its place, and whether the person read."""

    x: int
    y: int
    is_read: bool


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is its first day; `y` where its row is drawn."""

    first: date
    days: int
    books: int
    y: int
    cells: tuple[DayCell, ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """How far a goal is reached."""

    reached: int
    goal: int

    @property
    def percent(self) -> int:
        return min(100 * self.reached // self.goal, 100)


@dataclass(frozen=True)
class ReadingYear:
    """`earlier` and `later` are years there is something to see of, None for none."""

    year: int
    days: frozenset[date]
    finished: tuple[ShelvedBook, ...]
    goal: YearGoal | None
    earlier: int | None
    later: int | None
    width: int = _LABEL + 31 * (_CELL + _GAP)
    height: int = 12 * (_CELL + _GAP)

    @cached_property
    def months(self) -> list[Month]:
        days = Counter(day.month for day in self.days)
        books = Counter(book.finished_on.month for book in self.finished if book.finished_on)
        return [
            Month(date(self.year, month, 1), days[month], books[month], self._y(month), self._cells(month))
            for month in range(1, 13)
        ]

    @property
    def books_aim(self) -> Aim | None:
        return Aim(len(self.finished), self.goal.books) if self.goal and self.goal.books else None

    @property
    def days_aim(self) -> Aim | None:
        return Aim(len(self.days), self.goal.days) if self.goal and self.goal.days else None

    def _y(self, month: int) -> int:
        return (month - 1) * (_CELL + _GAP)

    def _cells(self, month: int) -> tuple[DayCell, ...]:
        length = calendar.monthrange(self.year, month)[1]
        return tuple(
            DayCell(
                _LABEL + (day - 1) * (_CELL + _GAP), self._y(month), is_read=date(self.year, month, day) in self.days
            )
            for day in range(1, length + 1)
        )


def reading_year(user: User, year: int, *, today: date) -> ReadingYear:
    """Return the year as far as it has come. Years before the first with anything to see lead nowhere."""
    opened = AccessRecord.objects.filter(entitlement__user=user, kind=AccessKind.READ)
    days = set(opened.values_list("day", flat=True))
    finished = [(book.finished_on, book) for book in shelf_of(user) if book.finished_on is not None]
    years = {day.year for day in days} | {day.year for day, _book in finished} | {today.year}
    ordered = sorted(finished, key=lambda one: (one[0], one[1].pk), reverse=True)
    return ReadingYear(
        year=year,
        days=frozenset(day for day in days if day.year == year),
        finished=tuple(book for day, book in ordered if day.year == year),
        goal=YearGoal.objects.filter(user=user, year=year).first(),
        earlier=max((one for one in years if one < year), default=None),
        later=min((one for one in years if one > year), default=None),
    )
