"""The platform's own account in the sandbox and its webhook endpoints."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from payments.stripe.configuration import API_VERSION, SNAPSHOT_EVENTS, THIN_EVENTS
from payments.stripe.sandbox.resources import Json, now_seconds, page

_COUNTRY, _CURRENCY = "US", "usd"


def retrieve_account(params: Json) -> Json:
    """Return the account that the key belongs to."""
    return {
        "id": "acct_sandbox",
        "object": "account",
        "business_profile": {"name": "Octavo", "url": settings.SITE_URL},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": _COUNTRY,
        "created": now_seconds(),
        "default_currency": _CURRENCY,
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": "Octavo", "timezone": "Etc/UTC"}},
        "type": "standard",
    }


def list_webhook_endpoints(params: Json) -> Json:
    """Return the endpoints for snapshot events: ours, and those of connected accounts."""
    return page([_webhook("platform"), _webhook("connect")], "/v1/webhook_endpoints", params)


def list_event_destinations(params: Json) -> Json:
    """Return every endpoint, as v2 does, for thin events and for snapshots."""
    thin = {
        "id": "ed_test_sandbox_thin",
        "object": "v2.core.event_destination",
        "created": "2026-01-01T00:00:00.000Z",
        "description": "",
        "enabled_events": sorted(THIN_EVENTS),
        "event_payload": "thin",
        "events_from": ["@accounts"],
        "livemode": False,
        "metadata": {},
        "name": "thin",
        "snapshot_api_version": None,
        "status": "enabled",
        "status_details": None,
        "type": "webhook_endpoint",
        "updated": "2026-01-01T00:00:00.000Z",
        "webhook_endpoint": {"url": _url("thin")},
    }
    return {"data": [thin], "next_page_url": None, "previous_page_url": None}


def _webhook(endpoint: str) -> Json:
    return {
        "id": f"we_sandbox_{endpoint}",
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        # As with Stripe, only a Connect endpoint names an application.
        "application": "ca_sandbox" if endpoint == "connect" else None,
        "created": now_seconds(),
        "description": None,
        "enabled_events": sorted(SNAPSHOT_EVENTS[endpoint]),
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": _url(endpoint),
    }


def _url(endpoint: str) -> str:
    return settings.SITE_URL + reverse("webhook", args=[endpoint])
