"""What the shop tells us."""

from __future__ import annotations

from insight.events.services import recording
from storefront.checkout.hooks import AddedToCart


def added_to_cart(added: AddedToCart) -> None:
    """Count a work that somebody put into their cart."""
    recording.record_cart(actor=added.actor, work=added.work, via=added.via, country=added.country, at=added.at)
