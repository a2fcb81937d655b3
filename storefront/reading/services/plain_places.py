"""Saves places from plain pages."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from storefront.checkout.entitlements.services import access_log
from storefront.reading.selectors.books import Reading
from storefront.reading.selectors.plain_places import PlainPlace
from storefront.reading.services import devices, places


def remember(*, actor: User, reading: Reading, place: PlainPlace, address: str | None, at: datetime) -> None:
    """Save where the person stopped. They chose the place themselves, so it replaces any other."""
    access_log.record_reading(
        actor=actor,
        work=reading.work,
        detail=place.chapter_id,
        fraction_bps=place.share_bps,
        address=address,
        at=at,
    )
    places.save_last(
        device=devices.plain_pages(actor, at=at),
        work=reading.work,
        edition=reading.edition,
        block=place.block,
        share_bps=place.share_bps,
        at=at,
    )
