"""Records the card, network and browser with which an order was placed, paid and returned; deletes them after a
while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from common.client_ip import network_of
from storefront.checkout.models import BuyerTrace, Order, TraceKind

# Longer than the refund window plus the period in which goodwill is counted.
_KEPT = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: the IP address, and the id that its session has for the browser."""

    address: str | None
    browser: str


def record_origin(*, order: Order, origin: Origin | None, at: datetime) -> None:
    """Record the network and the browser; nothing if there is no visitor, as in jobs."""
    if origin is None:
        return
    if origin.address:
        _note(order, TraceKind.NETWORK, network_of(origin.address), at)
    if origin.browser:
        _note(order, TraceKind.BROWSER, origin.browser, at)


def record_card(*, order: Order, fingerprint: str, at: datetime) -> None:
    """Record the card that paid; nothing if the provider names none."""
    if fingerprint:
        _note(order, TraceKind.CARD, fingerprint, at)


def keep(*, order: Order, at: datetime) -> None:
    """Keep the order's traces longer, because goodwill was requested."""
    BuyerTrace.objects.filter(order=order).update(seen_at=at)


def delete_expired(*, at: datetime) -> None:
    """Delete traces that no longer count for goodwill."""
    BuyerTrace.objects.filter(seen_at__lt=at - _KEPT).delete()


def digest_of(kind: TraceKind, value: str) -> str:
    """Return a keyed hash that only shows whether two values are the same."""
    return salted_hmac(f"storefront.trace.{kind}", value, algorithm="sha256").hexdigest()


def _note(order: Order, kind: TraceKind, value: str, at: datetime) -> None:
    digest = digest_of(kind, value)
    BuyerTrace.objects.update_or_create(order=order, digest=digest, defaults={"kind": kind, "seen_at": at})
