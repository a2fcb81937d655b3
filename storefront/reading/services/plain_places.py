"""Saves places from plain pages."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from storefront.reading.models import Locator
from storefront.reading.selectors import books
from storefront.reading.selectors.books import Reading
from storefront.reading.selectors.plain_places import PlainPlace
from storefront.reading.services import positions


def remember(*, actor: User, reading: Reading, place: PlainPlace, address: str | None, at: datetime) -> None:
    """Save where the person stopped. They chose the place themselves, so it replaces any other."""
    current = books.position_of(actor, reading.work)
    positions.save_position(
        actor=actor,
        work=reading.work,
        chapter_id=place.chapter_id,
        fraction_bps=place.share_bps,
        locator=Locator(reading.edition.public_id, place.within_bps, "", place.words),
        seen=current.mark if current is not None else "",
        address=address,
        at=at,
    )
