"""What is deleted when: hashes of visitors and their keys within two days, events after 400 days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Q

from insight.events.models import DaySalt, Event

EVENT_DAYS = 400
# The task runs each hour, and an event says only its hour: none is older than 48 hours.
_VISITOR_HOURS = 47


def forget(*, at: datetime) -> None:
    """Delete what is due. Safe to repeat."""
    today = at.astimezone(UTC).date()
    oldest = at.astimezone(UTC) - timedelta(hours=_VISITOR_HOURS)
    due = Q(day__lt=oldest.date()) | Q(day=oldest.date(), hour__lte=oldest.hour)
    Event.objects.filter(due, visitor__isnull=False).update(visitor=None)
    DaySalt.objects.filter(day__lt=today - timedelta(days=1)).delete()
    Event.objects.filter(day__lt=today - timedelta(days=EVENT_DAYS)).delete()
