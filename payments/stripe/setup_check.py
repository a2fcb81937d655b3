"""Asks Stripe what the key may do and where it sends events, and compares the answer with this installation.

Read-only. No part of an answer is stored, and no finding contains a key or secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import stripe
from django.conf import settings
from django.urls import reverse

from payments.gateway import GatewayRefused, GatewayUnknown
from payments.stripe.configuration import (
    API_VERSION,
    ENDPOINTS,
    SNAPSHOT_EVENTS,
    THIN_EVENTS,
    is_live,
    secrets_of,
)
from payments.stripe.gateway import StripeGateway

_ALL_EVENTS = "*"
_OF_OTHER_ACCOUNTS = "@accounts"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked. `detail` says what was found, or what to do."""

    is_ok: bool
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Address:
    """A URL that receives events: a v1 webhook endpoint or a v2 event destination."""

    is_enabled: bool
    events: set[str]
    api_version: str | None
    is_of_accounts: bool


def probe(client: stripe.StripeClient) -> list[Finding]:
    """Return findings on key, mode, version, Connect and the three endpoints. Errors from Stripe become findings."""
    steps: tuple[tuple[str, Callable[[stripe.StripeClient], Iterator[Finding]]], ...] = (
        ("account", _account),
        ("mode and version", _mode_and_version),
        ("Connect", _connect),
        ("payment methods", _methods),
        ("event endpoints", _addresses),
    )
    findings: list[Finding] = []
    for what, step in steps:
        try:
            findings += step(client)
        except stripe.StripeError as error:
            findings.append(Finding(False, what, f"{type(error).__name__}: {error.user_message or error}"))
        except (GatewayRefused, GatewayUnknown) as error:
            findings.append(Finding(False, what, f"{type(error).__name__}: {error}"))
    return findings


def _account(client: stripe.StripeClient) -> Iterator[Finding]:
    account = client.v1.accounts.retrieve_current()
    detail = f"{account.id}, {account.country}, {(account.default_currency or '').upper()}"
    yield Finding(True, "account", detail)
    yield Finding(bool(account.charges_enabled), "charges", _yes_or(account.charges_enabled, "finish its setup"))
    yield Finding(bool(account.payouts_enabled), "payouts", _yes_or(account.payouts_enabled, "add a bank account"))


def _mode_and_version(client: stripe.StripeClient) -> Iterator[Finding]:
    balance = client.v1.balance.retrieve()
    mode = "live: real money moves" if balance.livemode else "test: no real money moves"
    yield Finding(balance.livemode is is_live(), "mode", mode)
    answer = balance.last_response
    version = str(answer.headers.get("Stripe-Version", "")) if answer else ""
    detail = version if version == API_VERSION else f"answered in {version or 'none'}, asked for {API_VERSION}"
    yield Finding(version == API_VERSION, "API version", detail)


def _connect(client: stripe.StripeClient) -> Iterator[Finding]:
    client.v2.core.accounts.list({"limit": 1})
    yield Finding(True, "Connect", "payee accounts can be opened")


def _methods(client: stripe.StripeClient) -> Iterator[Finding]:
    offered = StripeGateway(client).offered_methods()
    yield Finding("card" in offered, "payment methods", ", ".join(sorted(offered)) or "none are switched on")


def _addresses(client: stripe.StripeClient) -> Iterator[Finding]:
    found = _known_addresses(client)
    for endpoint in ENDPOINTS:
        url = settings.SITE_URL + reverse("webhook", args=[endpoint])
        yield Finding(bool(secrets_of(endpoint)), f"{endpoint} secret", _yes_or(secrets_of(endpoint), "not set here"))
        problems = _problems(endpoint, found.get((endpoint == "thin", url)))
        yield Finding(not problems, f"{endpoint} events", "; ".join(problems) or url)


def _known_addresses(client: stripe.StripeClient) -> dict[tuple[bool, str], _Address]:
    """Return the endpoints by whether they receive thin events, and their URL."""
    found: dict[tuple[bool, str], _Address] = {}
    for endpoint in client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter():
        found[False, endpoint.url] = _Address(
            endpoint.status == "enabled", set(endpoint.enabled_events), endpoint.api_version, bool(endpoint.application)
        )
    destinations = client.v2.core.event_destinations.list({"limit": 100, "include": ["webhook_endpoint.url"]})
    for destination in destinations.auto_paging_iter():
        url = _url_of(destination)
        if url:
            found[destination.event_payload == "thin", url] = _Address(
                destination.status == "enabled",
                set(destination.enabled_events),
                destination.snapshot_api_version,
                _OF_OTHER_ACCOUNTS in (destination.events_from or []),
            )
    return found


def _url_of(destination: Any) -> str:
    return (destination.webhook_endpoint.url or "") if destination.webhook_endpoint else ""


def _problems(endpoint: str, address: _Address | None) -> list[str]:
    if address is None:
        return [f"nothing is sent to {settings.SITE_URL}{reverse('webhook', args=[endpoint])}"]
    problems = [] if address.is_enabled else ["switched off"]
    wanted = THIN_EVENTS if endpoint == "thin" else SNAPSHOT_EVENTS[endpoint]
    if _ALL_EVENTS not in address.events and wanted - address.events:
        problems.append("not subscribed to " + ", ".join(sorted(wanted - address.events)))
    if endpoint != "thin" and address.api_version != API_VERSION:
        problems.append(f"sends version {address.api_version or 'of the account'} instead of {API_VERSION}")
    if address.is_of_accounts is not (endpoint != "platform"):
        problems.append("must be for our own events" if endpoint == "platform" else "must be for connected accounts")
    return problems


def _yes_or(is_so: object, advice: str) -> str:
    return "yes" if is_so else f"no: {advice}"
