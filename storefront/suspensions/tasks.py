"""Celery tasks of suspensions."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from storefront.suspensions.services import emails
from storefront.suspensions.services import run_due as due


@shared_task(name="suspensions.mail_warning", acks_late=True, soft_time_limit=30, time_limit=45)
def mail_warning(*, warning_id: int) -> None:
    """Tell one person of a warning."""
    emails.mail_warning(warning_id=warning_id)


@shared_task(name="suspensions.mail_suspension", acks_late=True, soft_time_limit=30, time_limit=45)
def mail_suspension(*, suspension_id: int) -> None:
    """Tell one person what is new about a suspension."""
    emails.mail_suspension(suspension_id=suspension_id)


@shared_task(name="suspensions.mail_ending", acks_late=True, soft_time_limit=30, time_limit=45)
def mail_ending(*, ending_id: int) -> None:
    """Tell one author what is new about the end of their account."""
    emails.mail_ending(ending_id=ending_id)


@shared_task(name="suspensions.run_due", soft_time_limit=120, time_limit=150)
@single_instance("suspensions.run_due")
def run_due() -> None:
    """End accounts whose notice is over, and enqueue unsent emails again."""
    due.run_due(at=clock.database_now())
