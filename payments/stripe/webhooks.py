"""Reading a webhook request: verifies its signature and time, and extracts what is needed to fetch the current
state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe

from common import clock
from payments.errors import EventRejected
from payments.stripe.configuration import is_live, secrets_of

_TOLERANCE_S = 300
_FUTURE_S = 60
# Fields of the object that handlers may need before they fetch it; never names, addresses or email.
_KEPT = ("object", "status", "payment_status", "payment_intent", "charge", "amount", "amount_refunded", "currency")


@dataclass(frozen=True, slots=True)
class VerifiedEvent:
    """An event that certainly comes from the provider."""

    event_id: str
    event_type: str
    account_id: str
    api_version: str
    object_id: str
    reference: str
    data: dict[str, Any]
    occurred_at: datetime


def read(*, endpoint: str, body: bytes, signature: str) -> VerifiedEvent:
    """Return the event in a request to one of our three endpoints. Raises EventRejected with a reason for the log."""
    _verify(endpoint, body, signature)
    try:
        content = json.loads(body)
    except ValueError:
        raise EventRejected("not JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("id"), str):
        raise EventRejected("not an event")
    if content.get("livemode") is not is_live():
        raise EventRejected("livemode differs from the key's")
    try:
        return _thin(content) if endpoint == "thin" else _snapshot(content, endpoint)
    except (AttributeError, LookupError, OverflowError, TypeError, ValueError):
        raise EventRejected("malformed") from None


def _verify(endpoint: str, body: bytes, signature: str) -> None:
    """Refuse forged, altered and old bodies, and those with a future time, which the SDK accepts."""
    problem: Exception | None = None
    for secret in secrets_of(endpoint):
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, _TOLERANCE_S)
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
            problem = error
            continue
        timestamp = int(next(part[2:] for part in signature.split(",") if part.startswith("t=")))
        if timestamp > clock.real_now().timestamp() + _FUTURE_S:
            raise EventRejected("signed in the future")
        return
    raise EventRejected("signature does not match" if problem else "no signing secret is set")


def _snapshot(content: dict[str, Any], endpoint: str) -> VerifiedEvent:
    if content.get("object") != "event":
        raise EventRejected("not a snapshot event")
    if bool(content.get("account")) is not (endpoint == "connect"):
        raise EventRejected("event of another account")
    found = content.get("data", {}).get("object", {})
    metadata = found.get("metadata") or {}
    return VerifiedEvent(
        event_id=content["id"],
        event_type=str(content.get("type", "")),
        account_id=content.get("account") or "",
        api_version=content.get("api_version") or "",
        object_id=str(found.get("id", "")),
        reference=str(found.get("client_reference_id") or metadata.get("reference") or ""),
        data={name: found[name] for name in _KEPT if isinstance(found.get(name), str | int)},
        occurred_at=datetime.fromtimestamp(int(content.get("created", 0)), UTC),
    )


def _thin(content: dict[str, Any]) -> VerifiedEvent:
    if content.get("object") != "v2.core.event":
        raise EventRejected("not a thin event")
    related = content.get("related_object") or {}
    return VerifiedEvent(
        event_id=content["id"],
        event_type=str(content.get("type", "")),
        account_id=content.get("context") or "",
        api_version="",
        object_id=str(related.get("id", "")),
        reference="",
        data={"object": str(related.get("type", ""))},
        occurred_at=datetime.fromisoformat(str(content["created"])),
    )
