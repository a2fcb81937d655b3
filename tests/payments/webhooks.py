"""Bodies of the provider's events, and a poster that signs them as the provider does."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.test import Client
from stripe import WebhookSignature

from common import clock
from payments.stripe.configuration import API_VERSION, secrets_of

COMPLETED = "checkout.session.completed"


def snapshot(event_id="evt_1", *, event_type=COMPLETED, **changes):
    found = {"id": "cs_1", "object": "checkout.session", "client_reference_id": "ord_1", "payment_status": "paid"}
    body = {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(clock.real_now().timestamp()),
        "livemode": False,
        "type": event_type,
        "data": {"object": found | {"customer_details": {"email": "reader@example.org"}}},
    }
    return body | changes


def thin(event_id="evt_test_1"):
    return {
        "id": event_id,
        "object": "v2.core.event",
        "type": "v2.core.account[configuration.recipient].capability_status_updated",
        "created": "2026-11-25T00:00:00.000Z",
        "livemode": False,
        "related_object": {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"},
    }


@dataclass
class Poster:
    """Posts a body, signed; `sent` is what arrives instead of what was signed. Returns the status."""

    client: Client

    def __call__(self, body, *, endpoint="platform", secret="", at=None, sent=None):
        text = json.dumps(body)
        at = int((at or clock.real_now()).timestamp())
        signature = WebhookSignature.generate_signature_header(text, secret or secrets_of(endpoint)[0], at)
        return self.raw(sent or text, signature, endpoint=endpoint)

    def raw(self, text, signature, *, endpoint="platform"):
        headers = {} if signature is None else {"Stripe-Signature": signature}
        return self.client.post(
            f"/payments/webhooks/{endpoint}/", text, "application/json", headers=headers
        ).status_code
