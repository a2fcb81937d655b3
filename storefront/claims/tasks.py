"""Celery tasks of claims."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.locks import single_instance
from storefront.claims.services import clock_runs, emails


@shared_task(name="claims.mail_step", soft_time_limit=30, time_limit=45)
def mail_step(mail_id: int) -> None:
    """Tell one side of a step of a claim."""
    emails.mail_step(mail_id=mail_id, at=clock.now())


@shared_task(name="claims.mail_conduct", soft_time_limit=30, time_limit=45)
def mail_conduct(notice_id: int) -> None:
    """Tell somebody of a warning or suspension, or what was decided about their appeal."""
    emails.mail_conduct(notice_id=notice_id, at=clock.now())


@shared_task(name="claims.run_clocks", soft_time_limit=120, time_limit=150)
@single_instance("claims.run_clocks")
def run_clocks() -> None:
    """End what is due, and send emails again that a lost message left unsent."""
    clock_runs.run_due(at=clock.database_now())
