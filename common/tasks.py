"""Celery tasks for queued emails."""

from __future__ import annotations

from celery import shared_task

from common import clock, emails


@shared_task(name="common.send_mail", soft_time_limit=30, time_limit=45, throws=(OSError,))
def send_mail(mail_id: int) -> None:
    """Send one email. If the mail server cannot be reached, the sweep task tries again."""
    emails.send_pending(mail_id=mail_id, at=clock.now())


@shared_task(name="common.retry_emails", soft_time_limit=30, time_limit=45)
def retry_emails() -> None:
    """Retry emails that were not sent."""
    emails.retry_pending(at=clock.now())
