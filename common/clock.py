"""The only source of the current time.

In a demonstration the clock can be moved forward (a row in the database, so that all processes agree). Leases and other
coordination between processes use `real_now()`, which is never moved.

Hosts may disagree about the time, so whatever moves money asks the database: `database_now()`, and
`database_real_now()` for coordination. A worker whose host is a month ahead then pays nobody early.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from django.conf import settings
from django.db import connection

from common.models import ClockOffset

# A host that is further off than this needs attention.
TOLERATED_SKEW = timedelta(seconds=30)

_CACHE_SECONDS = 0.5
_WESTERNMOST = timedelta(hours=12)
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


class _Cache:
    """The offset as last read, and when it was read by the monotonic clock."""

    read_at = float("-inf")
    ahead = timedelta(0)


def real_now() -> datetime:
    """Return the time by this machine's clock, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Return the business time, in UTC."""
    return _frozen.get() or real_now() + _ahead()


def database_now() -> datetime:
    """Return the business time by the database's clock, in UTC: for deciding when money moves."""
    return _frozen.get() or database_real_now() + _ahead()


def database_real_now() -> datetime:
    """Return the time by the database's clock, in UTC. An embedded database uses this machine's clock."""
    if connection.vendor != "postgresql":
        return real_now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def skew() -> timedelta:
    """Return by how much this machine's clock is ahead of the database's; negative if it is behind."""
    before = real_now()
    by_database = database_real_now()
    return before + (real_now() - before) / 2 - by_database


def has_begun(day: date | None) -> bool:
    """Return whether the day has begun in UTC; False for None."""
    return day is not None and day <= now().date()


def end_of_day(day: date) -> datetime:
    """Return the moment at which the day is over everywhere: it ends last in UTC-12."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) + _WESTERNMOST


def last_day_until(moment: datetime) -> date:
    """Return the last day that has begun in UTC-12 before the moment: the inverse of `end_of_day`."""
    return (moment - _WESTERNMOST - timedelta.resolution).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Make `now()` return `moment` inside the block, in this thread: for tests, and for seeding a shop's past."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def advance(by: timedelta) -> datetime:
    """Move the demonstration's clock forward and return the new time. Raises RuntimeError if it may not be moved."""
    if not settings.ALLOW_TIME_TRAVEL:
        raise RuntimeError("The clock does not move here.")
    if by < timedelta(0):
        raise ValueError("The clock only moves forward.")
    row = ClockOffset.objects.filter(pk=1).first()
    ClockOffset.objects.update_or_create(pk=1, defaults={"ahead": (row.ahead if row else timedelta(0)) + by})
    clear_cache()
    return now()


def clear_cache() -> None:
    """Discard the cached offset, so that the next call reads it again."""
    _Cache.read_at = float("-inf")


def _ahead() -> timedelta:
    if not settings.ALLOW_TIME_TRAVEL:
        return timedelta(0)
    if monotonic() - _Cache.read_at > _CACHE_SECONDS:
        ahead = ClockOffset.objects.filter(pk=1).values_list("ahead", flat=True).first()
        _Cache.read_at, _Cache.ahead = monotonic(), ahead or timedelta(0)
    return _Cache.ahead
