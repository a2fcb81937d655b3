"""Which scheduled tasks run as they should."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from common import clock
from operations.heartbeats import schedule
from operations.heartbeats.models import Heartbeat, Outcome

BEAT = schedule.BEAT


@dataclass(frozen=True, slots=True)
class Pulse:
    """The last run of a scheduled task, and whether the next one is late."""

    name: str
    began_at: datetime | None
    ended_at: datetime | None
    has_failed: bool
    duration: timedelta | None
    succeeded_at: datetime | None
    late_from: datetime
    is_late: bool


def pulses() -> list[Pulse]:
    """Return the schedule's own process and all scheduled tasks, by name. Before it first starts there are none."""
    now = clock.database_real_now()
    expected = schedule.names() | {schedule.BEAT}
    return [_pulse(row, now) for row in Heartbeat.objects.filter(name__in=expected).order_by("name")]


def late() -> list[Pulse]:
    """Return those that should have run by now, the schedule's own process first."""
    return sorted((one for one in pulses() if one.is_late), key=lambda one: (one.name != schedule.BEAT, one.name))


def beat() -> Pulse | None:
    """Return the pulse of the schedule's own process; None if it never ran."""
    row = Heartbeat.objects.filter(name=schedule.BEAT).first()
    return _pulse(row, clock.database_real_now()) if row else None


def _pulse(row: Heartbeat, now: datetime) -> Pulse:
    late_from = schedule.late_from(row.name, row.began_at or row.expected_from)
    return Pulse(
        name=row.name,
        began_at=row.began_at,
        ended_at=row.ended_at,
        has_failed=row.outcome == Outcome.FAILED,
        duration=None if row.duration_ms is None else timedelta(milliseconds=row.duration_ms),
        succeeded_at=row.succeeded_at,
        late_from=late_from,
        is_late=late_from < now,
    )
