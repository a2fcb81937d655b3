"""Delivers the sandbox's events in this process, through Django's test client to the real address and view."""

from __future__ import annotations

from django.test import Client

from payments import services as payment_services
from payments.models import ProviderEvent, SandboxEvent
from payments.stripe.sandbox import events

post_over_http = events.post  # before any test replaces it


def post_in_process(path: str, body: str, headers: dict[str, str]) -> int:
    signature = headers["Stripe-Signature"]
    client = Client(raise_request_exception=False)
    return client.post(path, body, "application/json", headers={"Stripe-Signature": signature}).status_code


def deliver_all() -> int:
    """Post every undelivered event and work it through; how many were posted."""
    waiting = list(SandboxEvent.objects.filter(delivered_at=None).order_by("pk"))
    for event in waiting:
        events.deliver(event_id=event.event_id)
    for event in ProviderEvent.objects.exclude(state="processed").order_by("pk"):
        payment_services.process_event(event_id=event.event_id)
    return len(waiting)
