"""The fixed periods that figures are counted for, in UTC: weeks from Monday, blocks of four of them, months.

Blocks never overlap, so that no difference of two counts is one person who came or went.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.periods import Month

_WEEK = timedelta(days=7)
_BLOCK = timedelta(days=28)
_FIRST_BLOCK = date(2024, 1, 1)  # a Monday


class Cadence(models.TextChoices):
    """How often a figure is counted."""

    WEEK = "week", _("each week")
    FOUR_WEEKS = "four_weeks", _("every four weeks")
    MONTH = "month", _("each month")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period from its first day to just before `after`."""

    first: date
    after: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.after, time(), tzinfo=UTC)

    @property
    def month(self) -> Month:
        return Month.of(self.start)

    def ago(self, days: int) -> datetime:
        """Return the moment so many days before its end."""
        return self.end - timedelta(days=days)


def span_with(cadence: Cadence, day: date) -> Span:
    """Return the period that contains the day."""
    if cadence == Cadence.MONTH:
        month = Month(day.year, day.month)
        return Span(month.start.date(), month.end.date())
    if cadence == Cadence.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + _WEEK)
    first = _FIRST_BLOCK + (day - _FIRST_BLOCK) // _BLOCK * _BLOCK
    return Span(first, first + _BLOCK)


def last_ended(cadence: Cadence, at: datetime) -> Span:
    """Return the last period that is over."""
    return before(cadence, span_with(cadence, at.astimezone(UTC).date()))


def before(cadence: Cadence, span: Span) -> Span:
    """Return the period before this one."""
    return span_with(cadence, span.first - timedelta(days=1))


def last_ones(cadence: Cadence, at: datetime, count: int) -> list[Span]:
    """Return the last periods that are over, the oldest first."""
    found: list[Span] = []
    span = last_ended(cadence, at)
    for _number in range(count):
        found.append(span)
        span = before(cadence, span)
    return found[::-1]
