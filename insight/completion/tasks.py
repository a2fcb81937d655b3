"""Celery tasks of completion."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from insight.completion.services import counting


@shared_task(name="completion.count_all", soft_time_limit=3300, time_limit=3400)
@single_instance("completion.count_all")
def count_all() -> None:
    """Count how far readers got."""
    counting.count_all(at=clock.now())
