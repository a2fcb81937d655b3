"""The only writer of reading positions."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from publishing.models import Work
from storefront.models import ReadingPosition


def save_position(
    *, actor: User, work: Work, chapter_id: str, fraction_bps: int, locator: dict[str, str | int], at: datetime
) -> None:
    """Remember where the person stopped. The last device to speak wins."""
    ReadingPosition.objects.update_or_create(
        user=actor,
        work=work,
        defaults={"chapter_id": chapter_id, "fraction_bps": fraction_bps, "locator": locator, "changed_at": at},
    )
