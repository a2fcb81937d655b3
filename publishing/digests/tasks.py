"""Celery tasks of digests."""

from __future__ import annotations

from celery import shared_task

from common import clock
from publishing.digests.services import mails, planning


@shared_task(name="digests.enqueue_due", soft_time_limit=30, time_limit=40)
def enqueue_due() -> None:
    """Enqueue the emails that are due."""
    planning.enqueue_due(at=clock.now())


@shared_task(name="digests.mail", acks_late=True, soft_time_limit=30, time_limit=45)
def mail(*, digest_id: int) -> None:
    """Email one person what is new about one text."""
    mails.mail(digest_id=digest_id, at=clock.now())
