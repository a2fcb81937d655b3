"""Checking sums against what happened: a random day each night, or all of them by a command."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta

import structlog

from insight.events.services.forgetting import EVENT_DAYS
from insight.figures.models import WorkDay
from insight.figures.selectors import recount
from insight.figures.selectors.recount import Difference
from insight.figures.services import rollups

logger = structlog.stdlib.get_logger(__name__)


def check_random_day(*, at: datetime) -> None:
    """Count one day of those that have events again; log differences, and make its sums anew."""
    days = days_with_sums(at=at)
    if not days:
        return
    day = secrets.choice(days)
    found = check_day(day=day, at=at)
    if found:
        logger.error("figures.differ", day=str(day), count=len(found), first=str(found[0]))
        rollups.roll_up(day=day, at=at)


def check_day(*, day: date, at: datetime) -> list[Difference]:
    """Return where the sums of a day differ from a second count."""
    return recount.differences(day, at=at)


def days_with_sums(*, at: datetime) -> list[date]:
    """Return the days that can be counted again: with sums, before today, and with their events still here."""
    today = at.astimezone(UTC).date()
    days = WorkDay.objects.filter(day__lt=today, day__gt=today - timedelta(days=EVENT_DAYS))
    return list(days.order_by("day").values_list("day", flat=True).distinct())
