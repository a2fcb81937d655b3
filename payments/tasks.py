"""Doors for workers: the inbox, the sandbox's postman, and the sweeper behind both."""

from __future__ import annotations

from celery import shared_task

from payments import services as payment_services
from payments.stripe.sandbox import events


@shared_task(name="payments.process", soft_time_limit=60, time_limit=90)
def process(event_id: str) -> None:
    """Work through one stored event."""
    payment_services.process_event(event_id=event_id)


@shared_task(name="payments.deliver", soft_time_limit=30, time_limit=45)
def deliver(event_id: str) -> None:
    """Post one event of the sandbox to our own webhook address."""
    events.deliver(event_id=event_id)


@shared_task(name="payments.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Ask again for what was left behind."""
    payment_services.sweep()
