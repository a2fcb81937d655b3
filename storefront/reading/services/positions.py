"""Saves reading positions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from publishing.models import Work
from storefront.checkout.entitlements.services import access_log
from storefront.reading.errors import NewerPosition
from storefront.reading.models import Locator, ReadingPosition


def save_position(
    *,
    actor: User,
    work: Work,
    chapter_id: str,
    fraction_bps: int,
    locator: Locator,
    at: datetime,
    seen: str = "",
    address: str | None = None,
) -> ReadingPosition:
    """Save where the person stopped, and record that they read today.

    `seen` is the mark of the position that the device knew of. Raises NewerPosition if another device has saved a
    position further on since: the person has to choose between the two.
    """
    access_log.record_reading(
        actor=actor, work=work, detail=chapter_id, fraction_bps=fraction_bps, address=address, at=at
    )
    with transaction.atomic():
        kept = ReadingPosition.objects.select_for_update().filter(user=actor, work=work).first()
        if kept is not None and kept.mark != seen and kept.fraction_bps > fraction_bps:
            raise NewerPosition
        values = {"chapter_id": chapter_id, "fraction_bps": fraction_bps, "locator": locator, "changed_at": at}
        position, _ = ReadingPosition.objects.update_or_create(user=actor, work=work, defaults=values)
    return position


def merge_guest_positions(guest: User, person: User) -> None:
    """Move a guest's reading positions to the person who claimed the purchases. A position the person already has
    stays."""
    known = ReadingPosition.objects.filter(user=person).values("work")
    ReadingPosition.objects.filter(user=guest).exclude(work__in=known).update(user=person)
    ReadingPosition.objects.filter(user=guest).delete()
