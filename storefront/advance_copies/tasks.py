"""Celery tasks of advance copies."""

from __future__ import annotations

from celery import shared_task

from common import clock
from storefront.advance_copies.services import emails, reminders


@shared_task(name="advance_copies.mail_invitation", acks_late=True, soft_time_limit=30, time_limit=45)
def mail_invitation(*, copy_id: int) -> None:
    """Send one invitation."""
    emails.mail_invitation(copy_id=copy_id, at=clock.now())


@shared_task(name="advance_copies.mail_decision", acks_late=True, soft_time_limit=30, time_limit=45)
def mail_decision(*, copy_id: int) -> None:
    """Tell one reader what the author decided about their copy."""
    emails.mail_decision(copy_id=copy_id, at=clock.now())


@shared_task(name="advance_copies.mail_reminder", acks_late=True, soft_time_limit=30, time_limit=45)
def mail_reminder(*, copy_id: int) -> None:
    """Remind one reader that a review is welcome."""
    emails.mail_reminder(copy_id=copy_id, at=clock.now())


@shared_task(name="advance_copies.run_due", soft_time_limit=60, time_limit=90)
def run_due() -> None:
    """Enqueue reminders that are due, and jobs again that did not run because a message was lost."""
    reminders.run_due(at=clock.database_now())
