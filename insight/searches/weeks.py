"""Weeks from Monday to Sunday in UTC, and periods of four of them, for which one key is used."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

_WEEK = timedelta(days=7)
PERIOD_DAYS = 28
_FIRST_PERIOD = date(1970, 1, 5)  # a Monday


def week_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def today(at: datetime) -> date:
    return at.astimezone(UTC).date()


def last_day(week: date) -> date:
    """Return the Sunday of the week that begins on this Monday."""
    return week + _WEEK - timedelta(days=1)


def next_week(week: date) -> date:
    return week + _WEEK


def period_of(day: date) -> date:
    """Return the first day of the four weeks that the day is in. No week is in two periods."""
    return day - timedelta(days=(day - _FIRST_PERIOD).days % PERIOD_DAYS)
