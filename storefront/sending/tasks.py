"""Celery tasks of sending books."""

from __future__ import annotations

from email.message import EmailMessage

from celery import shared_task
from django.conf import settings

from common import clock
from common.locks import single_instance
from storefront.sending import mailbox
from storefront.sending.services import deliveries, pick_ups, refusals


@shared_task(name="sending.mail_document", soft_time_limit=120, time_limit=150)
def mail_document(*, delivery_id: int) -> None:
    """Send one book, or the code that confirms a device."""
    deliveries.mail_document(delivery_id=delivery_id, at=clock.now())


@shared_task(name="sending.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck() -> None:
    """Enqueue emails again whose message was lost, and close screens whose time is over."""
    deliveries.retry_stuck(at=clock.now())
    pick_ups.close_old(at=clock.now())


@shared_task(name="sending.read_refusals", soft_time_limit=240, time_limit=270)
@single_instance("sending.read_refusals")
def read_refusals() -> None:
    """Read the mailbox of refusals, if the settings name one, and tell the owners of the devices."""
    if settings.RETURNS_MAILBOX:
        mailbox.read(settings.RETURNS_MAILBOX, _note)


def _note(message: EmailMessage) -> None:
    refusals.note(message, at=clock.now())
