"""The only writer of reading positions."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from publishing.models import Work
from storefront.models import ReadingPosition
from storefront.services import accesses


def save_position(
    *,
    actor: User,
    work: Work,
    chapter_id: str,
    fraction_bps: int,
    locator: dict[str, str | int],
    at: datetime,
    address: str | None = None,
) -> None:
    """Remember where the person stopped, and that they read today. The last device to speak wins."""
    accesses.note_reading(actor=actor, work=work, detail=chapter_id, fraction_bps=fraction_bps, address=address, at=at)
    ReadingPosition.objects.update_or_create(
        user=actor,
        work=work,
        defaults={"chapter_id": chapter_id, "fraction_bps": fraction_bps, "locator": locator, "changed_at": at},
    )
