"""Celery tasks of own books."""

from __future__ import annotations

from celery import shared_task

from common import clock
from storefront.own_books.services import finishing


@shared_task(name="own_books.finish", acks_late=True, soft_time_limit=60, time_limit=90)
def finish() -> None:
    """Put books on their owners' shelves whose files are made."""
    finishing.finish_all(at=clock.now())
