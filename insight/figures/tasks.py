"""Celery tasks of figures."""

from __future__ import annotations

from datetime import UTC

from celery import shared_task

from common import clock
from common.locks import single_instance
from insight.figures.services import checks, rollups


@shared_task(name="figures.roll_up_today", soft_time_limit=240, time_limit=300)
@single_instance("figures.roll_up")
def roll_up_today() -> None:
    """Make the sums of today so far."""
    at = clock.now()
    rollups.roll_up(day=at.astimezone(UTC).date(), at=at)


@shared_task(name="figures.roll_up_recent", soft_time_limit=1700, time_limit=1800)
@single_instance("figures.roll_up")
def roll_up_recent() -> None:
    """Make the sums of the last days, and count a random day a second time."""
    at = clock.now()
    rollups.roll_up_recent(at=at)
    checks.check_random_day(at=at)
