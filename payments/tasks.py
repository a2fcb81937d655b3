"""Celery tasks: processing the inbox, delivering the sandbox's events, and retrying both."""

from __future__ import annotations

from celery import shared_task

from payments import services as payment_services
from payments.stripe.sandbox import events


@shared_task(name="payments.process", soft_time_limit=60, time_limit=90)
def process(event_id: str) -> None:
    """Process one stored event."""
    payment_services.process_event(event_id=event_id)


@shared_task(name="payments.deliver", soft_time_limit=30, time_limit=45)
def deliver(event_id: str) -> None:
    """Post one event of the sandbox to our own webhook endpoint."""
    events.deliver(event_id=event_id)


@shared_task(name="payments.refresh_methods", soft_time_limit=60, time_limit=90)
def refresh_methods() -> None:
    """Ask the provider which payment methods it offers."""
    payment_services.refresh_methods()


@shared_task(name="payments.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck() -> None:
    """Enqueue again what was left behind."""
    payment_services.retry_stuck()
