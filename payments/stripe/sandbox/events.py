"""Events of the sandbox: signed with the SDK's own signature and posted to our real webhook endpoints."""

from __future__ import annotations

import json
from datetime import timedelta

import requests
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from stripe import WebhookSignature

from common import clock, jobs
from payments.models import SandboxEvent
from payments.stripe.configuration import API_VERSION, secrets_of
from payments.stripe.sandbox.resources import Json, new_id, now_seconds, visible

_ATTEMPTS = 12


def emit(event_type: str, data: Json, *, account_id: str = "") -> None:
    """Queue a snapshot event about a resource; one of a connected account goes to the Connect endpoint."""
    body: Json = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now_seconds(),
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": event_type,
        "data": {"object": visible(data)},
    }
    if account_id:
        body["account"] = account_id
    _queue(body, "connect" if account_id else "platform")


def emit_thin(event_type: str, *, related_id: str, related_type: str, url: str) -> None:
    """Queue a thin v2 event, which names an object without its data."""
    body: Json = {
        "id": new_id("evt_test"),
        "object": "v2.core.event",
        "type": event_type,
        "created": clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "livemode": False,
        "context": None,
        "reason": None,
        "related_object": {"id": related_id, "type": related_type, "url": url},
    }
    _queue(body, "thin")


def deliver(*, event_id: str) -> bool:
    """Post one queued event and return whether it was accepted. Safe to repeat: the receiver stores each id once."""
    event = SandboxEvent.objects.filter(event_id=event_id, delivered_at=None).first()
    if event is None:
        return True
    pause = timedelta(seconds=min(10 * 2**event.attempts, 3600))
    SandboxEvent.objects.filter(pk=event.pk).update(
        attempts=F("attempts") + 1, next_attempt_at=clock.real_now() + pause
    )
    signature = WebhookSignature.generate_signature_header(event.body, secrets_of(event.endpoint)[0])
    path = reverse("webhook", args=[event.endpoint])
    status = post(path, event.body, {"Content-Type": "application/json", "Stripe-Signature": signature})
    if 200 <= status < 300:
        SandboxEvent.objects.filter(pk=event.pk).update(delivered_at=clock.real_now())
        return True
    return False


def undelivered() -> list[str]:
    """Return the ids of events that are due to be posted again."""
    due = SandboxEvent.objects.filter(delivered_at=None, attempts__lt=_ATTEMPTS, next_attempt_at__lte=clock.real_now())
    return list(due.order_by("pk").values_list("event_id", flat=True)[:200])


def post(path: str, body: str, headers: dict[str, str]) -> int:
    """Post to our own endpoint and return the status; 0 if there was no answer."""
    try:
        answer = requests.post(
            settings.SITE_URL + path,
            data=body.encode(),
            headers=headers,
            timeout=(2, 15),
            allow_redirects=False,
        )
    except requests.RequestException:
        return 0
    return answer.status_code


def _queue(body: Json, endpoint: str) -> None:
    event = SandboxEvent.objects.create(
        event_id=body["id"],
        event_type=body["type"],
        account_id=body.get("account", ""),
        endpoint=endpoint,
        body=json.dumps(body),
        created_at=clock.now(),
        # A short delay: the message of this commit delivers the event, and the retry task only what that one lost.
        next_attempt_at=clock.real_now() + timedelta(seconds=10),
    )
    jobs.enqueue("payments.deliver", event_id=event.event_id)
