"""Celery tasks for data copies, account deletions and the audit chain."""

from __future__ import annotations

from celery import shared_task

from accounts import hooks
from accounts.services import audit, data_copies, deletions, refused_attempts
from common import clock
from common.locks import single_instance


@shared_task(name="accounts.make_copy", soft_time_limit=500, time_limit=540)
def make_copy(copy_id: int) -> None:
    """Make one copy of a person's data."""
    data_copies.make_copy(copy_id=copy_id)


@shared_task(name="accounts.mail_copy", soft_time_limit=30, time_limit=45)
def mail_copy(copy_id: int) -> None:
    """Email a person that their copy is ready to download."""
    data_copies.mail_copy(copy_id=copy_id)


@shared_task(name="accounts.mail_deletion", soft_time_limit=30, time_limit=45)
def mail_deletion(user_id: int) -> None:
    """Email a person the date on which their account will be deleted."""
    deletions.mail_deletion(user_id=user_id)


@shared_task(name="accounts.erase", soft_time_limit=240, time_limit=300)
def erase(user_id: int) -> None:
    """Erase one person whose waiting period is over."""
    deletions.erase(user_id=user_id, at=clock.now())


@shared_task(name="accounts.chain_audit", time_limit=300)
def chain_audit() -> None:
    """Every few seconds: log refused attempts of minutes that are over, and add new entries to the hash chain."""
    refused_attempts.enter_counted(at=clock.now())
    audit.chain_committed()


@shared_task(name="accounts.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck() -> None:
    """Resend jobs whose message was lost, and delete expired copies."""
    data_copies.retry_stuck(at=clock.now())
    deletions.resend_lost_emails()


@shared_task(name="accounts.erase_due", soft_time_limit=300, time_limit=360)
@single_instance("accounts.erase_due")
def erase_due() -> None:
    """Each night: erase people whose waiting period is over, and delete data that is no longer kept."""
    deletions.erase_due(at=clock.now())
    for forget in hooks.forgetters():
        forget(clock.now())
