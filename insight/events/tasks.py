"""Celery tasks of events."""

from __future__ import annotations

from celery import shared_task

from common import clock
from insight.events.services import forgetting


@shared_task(name="events.forget", soft_time_limit=240, time_limit=300)
def forget() -> None:
    """Delete the hashes of visitors that are due, and old events."""
    forgetting.forget(at=clock.now())
