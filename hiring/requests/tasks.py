"""Celery tasks of requests."""

from __future__ import annotations

from celery import shared_task

from common import clock
from hiring.requests.services import clocks, emails


@shared_task(name="requests.run_clocks", soft_time_limit=50, time_limit=60)
def run_clocks() -> None:
    """Ask the next eight, end what is too old, and find mails whose message was lost."""
    clocks.run_due(at=clock.now())


@shared_task(name="requests.mail_invitation", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_invitation(*, invitation_id: int) -> None:
    emails.mail_invitation(invitation_id=invitation_id)


@shared_task(name="requests.mail_proposal", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_proposal(*, proposal_id: int) -> None:
    emails.mail_proposal(proposal_id=proposal_id)


@shared_task(name="requests.mail_declined", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_declined(*, proposal_id: int) -> None:
    emails.mail_declined(proposal_id=proposal_id)


@shared_task(name="requests.mail_round", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_round(*, shortlist_id: int) -> None:
    emails.mail_round(shortlist_id=shortlist_id)


@shared_task(name="requests.mail_invitation_declined", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_invitation_declined(*, invitation_id: int) -> None:
    emails.mail_invitation_declined(invitation_id=invitation_id)
