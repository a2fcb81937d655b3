"""Celery tasks of newsletters."""

from __future__ import annotations

from celery import shared_task

from common import clock
from storefront.newsletters.services import emails, issues


@shared_task(name="newsletters.start", acks_late=True, soft_time_limit=300, time_limit=330)
def start(*, issue_id: int) -> None:
    """Find the readers of an issue, and enqueue an email to each."""
    issues.start(issue_id=issue_id, at=clock.now())


@shared_task(name="newsletters.mail_issue", acks_late=True, soft_time_limit=30, time_limit=45)
def mail_issue(*, delivery_id: int) -> None:
    """Email one issue to one reader."""
    emails.mail_issue(delivery_id=delivery_id, at=clock.now())


@shared_task(name="newsletters.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck() -> None:
    """Enqueue jobs again that did not run because a message was lost."""
    issues.retry_stuck(at=clock.database_now())
