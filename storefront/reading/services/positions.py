"""Saves reading positions that were reported without telling devices apart."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from publishing.models import Edition, Work
from storefront.checkout.entitlements.services import access_log
from storefront.reading.errors import NewerPosition
from storefront.reading.selectors.positions import newest_places
from storefront.reading.services import devices, places


def save_position(
    *,
    actor: User,
    work: Work,
    edition: Edition | None,
    block: int | None,
    offset: int,
    share_bps: int,
    detail: str,
    at: datetime,
    page: str = "",
    words: str = "",
    seen: str = "",
    address: str | None = None,
) -> str:
    """Save where the person stopped, and record that they read today. Return the mark of the place.

    `seen` is the mark of the place that the page knew of. Raises NewerPosition if another device has saved a place
    further on since: the person has to choose between the two.
    """
    access_log.record_reading(actor=actor, work=work, detail=detail, fraction_bps=share_bps, address=address, at=at)
    newest = newest_places(actor, [work]).get(work.pk)
    if newest is not None and newest.mark != seen and newest.share_bps > share_bps:
        raise NewerPosition
    places.save_last(
        device=devices.plain_pages(actor, at=at),
        work=work,
        edition=edition,
        block=block,
        offset=offset,
        page=page,
        words=words,
        share_bps=share_bps,
        at=at,
    )
    return at.isoformat()
