"""Celery tasks of the market."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from insight.market.services import counting


@shared_task(name="market.count_night", soft_time_limit=3300, time_limit=3400)
@single_instance("market.count_night")
def count_night() -> None:
    """Count the figures of the periods that ended, and again those that may have changed."""
    counting.count_night(at=clock.now())
