"""The one door to the time.

In a demonstration the clock can be moved forward (a row in the database, so that every process agrees); leases and
other machinery between processes use `real_now()`, which never moves.

Hosts disagree about the time, so whatever moves money asks the database instead: `database_now()`, and
`database_real_now()` for the machinery behind it. A worker whose host is a month ahead then pays nobody early.
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

# A host that is further off than this needs a person.
TOLERATED_SKEW = timedelta(seconds=30)

_CACHE_SECONDS = 0.5
_WESTERNMOST = timedelta(hours=12)
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


class _Cache:
    """The offset as last read, and when by the monotonic clock."""

    read_at = float("-inf")
    ahead = timedelta(0)


def real_now() -> datetime:
    """The moment by this machine's clock, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment as the business sees it, in UTC."""
    return _frozen.get() or real_now() + _ahead()


def database_now() -> datetime:
    """The moment as the business sees it, by the database's clock: for deciding when money moves."""
    return _frozen.get() or database_real_now() + _ahead()


def database_real_now() -> datetime:
    """The moment by the database's clock, in UTC. An embedded database has none but this machine's."""
    if connection.vendor != "postgresql":
        return real_now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def skew() -> timedelta:
    """By how much this machine's clock is ahead of the database's; negative when it is behind."""
    before = real_now()
    by_database = database_real_now()
    return before + (real_now() - before) / 2 - by_database


def has_come(day: date | None) -> bool:
    """Whether the day has begun, in UTC; never without one."""
    return day is not None and day <= now().date()


def end_of_day(day: date) -> datetime:
    """The moment at which the day is over everywhere: in UTC-12 it ends last."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) + _WESTERNMOST


def last_day_until(moment: datetime) -> date:
    """The last day of which anything lies before the moment in UTC-12: the day whose `end_of_day` it is."""
    return (moment - _WESTERNMOST - timedelta.resolution).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block, in this thread: for tests, and for telling a shop's past."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def advance(by: timedelta) -> datetime:
    """Move the demonstration's clock forward and return the new moment. Raises RuntimeError where it may not move."""
    if not settings.CLOCK_CAN_MOVE:
        raise RuntimeError("The clock does not move here.")
    if by < timedelta(0):
        raise ValueError("The clock only moves forward.")
    row = ClockOffset.objects.filter(pk=1).first()
    ClockOffset.objects.update_or_create(pk=1, defaults={"ahead": (row.ahead if row else timedelta(0)) + by})
    forget()
    return now()


def forget() -> None:
    """Read the offset anew at the next call."""
    _Cache.read_at = float("-inf")


def _ahead() -> timedelta:
    if not settings.CLOCK_CAN_MOVE:
        return timedelta(0)
    if monotonic() - _Cache.read_at > _CACHE_SECONDS:
        ahead = ClockOffset.objects.filter(pk=1).values_list("ahead", flat=True).first()
        _Cache.read_at, _Cache.ahead = monotonic(), ahead or timedelta(0)
    return _Cache.ahead
