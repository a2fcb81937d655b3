"""Celery tasks of searches."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from insight.searches.services import forgetting, sheets


@shared_task(name="searches.close_weeks", soft_time_limit=1700, time_limit=1800)
@single_instance("searches.close_weeks")
def close_weeks() -> None:
    """Publish the weeks that have ended, and delete keys and searches that are due."""
    at = clock.now()
    sheets.close_weeks(at=at)
    forgetting.forget(at=at)
