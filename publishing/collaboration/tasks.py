"""Celery tasks of collaboration."""

from __future__ import annotations

from celery import shared_task

from publishing.collaboration.services import emails


@shared_task(name="collaboration.mail_invitation", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_invitation(*, collaborator_id: int) -> None:
    """Send the mail that invites one person to work on a text."""
    emails.mail_invitation(collaborator_id=collaborator_id)
