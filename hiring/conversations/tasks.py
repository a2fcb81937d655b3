"""Celery tasks of conversations."""

from __future__ import annotations

from celery import shared_task

from common import clock
from hiring.conversations.services import unread_mails


@shared_task(name="conversations.enqueue_unread", soft_time_limit=30, time_limit=40)
def enqueue_unread() -> None:
    """Enqueue an email for everybody who has left messages unread for a while."""
    unread_mails.enqueue_due(at=clock.now())


@shared_task(name="conversations.mail_unread", soft_time_limit=30, time_limit=45)
def mail_unread(*, user_id: int) -> None:
    """Tell one person by email of messages that wait."""
    unread_mails.mail(user_id=user_id, at=clock.now())
