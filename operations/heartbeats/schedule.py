"""The schedule as Celery's app has it: what is due when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from celery import current_app
from celery.schedules import crontab

from common import clock

# The name under which the schedule's own process (Celery calls it "beat") is recorded.
BEAT = "beat"
_BEAT_INTERVAL = timedelta(seconds=15)
_MIN_GRACE, _MAX_GRACE = timedelta(minutes=2), timedelta(hours=1)


def names() -> frozenset[str]:
    """Return the names of the scheduled tasks."""
    return frozenset(str(entry["task"]) for entry in current_app.conf.beat_schedule.values())


def late_from(name: str, last: datetime) -> datetime:
    """Return from when the next run is late if the last one began at `last`.

    A run may wait for a free worker: as long as the interval, but at least two minutes and at most an hour.
    """
    due = _next_due(name, last)
    return due + min(max(due - last, _MIN_GRACE), _MAX_GRACE)


def _next_due(name: str, last: datetime) -> datetime:
    if name == BEAT:
        return last + _BEAT_INTERVAL
    return min(
        _due(entry["schedule"], last) for entry in current_app.conf.beat_schedule.values() if entry["task"] == name
    )


def _due(plan: crontab | timedelta | float, last: datetime) -> datetime:
    if isinstance(plan, crontab):
        # By the database's clock a run may begin a little before the moment for which it was sent.
        start, wait, _now = plan.remaining_delta(last + 2 * clock.TOLERATED_SKEW)
        return (start + wait).astimezone(UTC)  # type: ignore[no-any-return]
    return last + (plan if isinstance(plan, timedelta) else timedelta(seconds=plan))
