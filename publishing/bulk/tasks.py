"""Celery tasks of bulk edits."""

from __future__ import annotations

from celery import shared_task

from publishing.bulk.services import stepping


@shared_task(name="bulk.go_on", acks_late=True, soft_time_limit=120, time_limit=150)
def go_on(*, edit_id: int) -> None:
    """Go through the next works of a bulk edit."""
    stepping.go_on(edit_id=edit_id)


@shared_task(name="bulk.retry_stuck", acks_late=True, soft_time_limit=30, time_limit=40)
def retry_stuck() -> None:
    """Enqueue bulk edits that lost their message, or that waited for conversions to end."""
    stepping.retry_stuck()
