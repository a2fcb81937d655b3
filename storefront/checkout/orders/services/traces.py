"""Notes with which card, network and browser an order was placed, paid for and given back; forgets it after a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from common.visitors import network_of
from storefront.checkout.models import BuyerTrace, Order, TraceKind

# Longer than a book can be given back after it was paid for, and goodwill is counted after that.
_KEPT = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: the internet address, and the id that its session has for the browser."""

    address: str | None
    browser: str


def note_origin(*, order: Order, origin: Origin | None, at: datetime) -> None:
    """The network and the browser; nothing where no visitor asks, as in jobs."""
    if origin is None:
        return
    if origin.address:
        _note(order, TraceKind.NETWORK, network_of(origin.address), at)
    if origin.browser:
        _note(order, TraceKind.BROWSER, origin.browser, at)


def note_card(*, order: Order, fingerprint: str, at: datetime) -> None:
    """The card that paid; nothing where the provider tells of none."""
    if fingerprint:
        _note(order, TraceKind.CARD, fingerprint, at)


def keep(*, order: Order, at: datetime) -> None:
    """Goodwill was asked for: what is known of the order is needed from now on."""
    BuyerTrace.objects.filter(order=order).update(seen_at=at)


def forget(*, at: datetime) -> None:
    """Drop what no goodwill is counted by any more."""
    BuyerTrace.objects.filter(seen_at__lt=at - _KEPT).delete()


def _note(order: Order, kind: TraceKind, value: str, at: datetime) -> None:
    digest = salted_hmac(f"storefront.trace.{kind}", value, algorithm="sha256").hexdigest()
    BuyerTrace.objects.update_or_create(order=order, digest=digest, defaults={"kind": kind, "seen_at": at})
