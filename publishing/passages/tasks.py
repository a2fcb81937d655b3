"""Celery tasks of passages."""

from __future__ import annotations

from celery import shared_task

from common import clock
from publishing.passages.services import comparing


@shared_task(name="passages.compare", acks_late=True, soft_time_limit=540, time_limit=570)
def compare(*, edition_id: int) -> None:
    """Find the passages that the text of an edition shares with others."""
    comparing.compare_edition(edition_id=edition_id, at=clock.now())


@shared_task(name="passages.retry_stuck", acks_late=True, soft_time_limit=60, time_limit=90)
def retry_stuck() -> None:
    """Enqueue texts whose message was lost, and those with prints of an older version."""
    comparing.enqueue_stuck()
