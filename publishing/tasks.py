"""Doors for workers."""

from __future__ import annotations

from celery import shared_task

from publishing import services as publishing_services


@shared_task(name="publishing.mail_proposal", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_proposal(*, agreement_id: int) -> None:
    """Ask people to agree to their shares."""
    publishing_services.mail_proposal(agreement_id=agreement_id)
