"""Celery tasks of reviews of contracts."""

from __future__ import annotations

from celery import shared_task

from common import clock
from hiring.reviews.services import mails


@shared_task(name="hiring_reviews.enqueue_due", soft_time_limit=30, time_limit=40)
def enqueue_due() -> None:
    """Enqueue mails about reviews that are due."""
    mails.enqueue_due(at=clock.now())


@shared_task(name="hiring_reviews.mail_asked", soft_time_limit=30, time_limit=45)
def mail_asked(*, reviewer_id: int) -> None:
    """Ask one side of a contract for a review."""
    mails.mail_asked(reviewer_id=reviewer_id, at=clock.now())


@shared_task(name="hiring_reviews.mail_shown", soft_time_limit=30, time_limit=45)
def mail_shown(*, reviewer_id: int) -> None:
    """Tell one side of a contract that its reviews are shown."""
    mails.mail_shown(reviewer_id=reviewer_id, at=clock.now())
