"""Which period of a payout schedule is over, for everybody: pure dates, no database.

An author's month ends where the author lives. A period is therefore over when it is over in the last time zone, twelve
hours behind UTC. The offset is fixed, so that no clock change moves it and nobody's month is cut short.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from common.periods import Month
from royalties.models import PayoutSchedule

_LAST_ZONE_BEHIND = timedelta(hours=12)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A period's name and the moment at which it is over everywhere."""

    name: str  # 2026-11 or 2026-W48
    over_at: datetime


def last_period_over(schedule: PayoutSchedule, at: datetime) -> Period:
    """Return the newest period that is over everywhere at the moment. Raises ValueError for payouts on demand."""
    there = at.astimezone(UTC) - _LAST_ZONE_BEHIND
    if schedule == PayoutSchedule.MONTHLY:
        month = Month.of(there).previous
        return Period(str(month), month.end + _LAST_ZONE_BEHIND)
    if schedule == PayoutSchedule.WEEKLY:
        monday = _monday(there.date())
        year, week, _ = (monday - _WEEK).isocalendar()
        return Period(f"{year:04}-W{week:02}", _midnight(monday) + _LAST_ZONE_BEHIND)
    raise ValueError(f"no periods in {schedule}")


def next_run_at(schedule: PayoutSchedule, at: datetime) -> datetime | None:
    """Return when the next run of the schedule is proposed; None for payouts on demand."""
    if schedule == PayoutSchedule.ON_DEMAND:
        return None
    over_at = last_period_over(schedule, at).over_at
    if schedule == PayoutSchedule.WEEKLY:
        return over_at + _WEEK
    return Month.of(over_at).end + _LAST_ZONE_BEHIND


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
