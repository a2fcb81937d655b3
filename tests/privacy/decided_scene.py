"""What a decision about somebody leaves: an emergency stop, and what they mended since."""

from __future__ import annotations

from datetime import datetime, timedelta

from storefront.community.models import Remedy, ReviewCase, Stop
from tests.factories.accounts import make_moderator


def decided(case: ReviewCase, words: str, at: datetime) -> None:
    """Add a stop of the case that is over, and the writer's words about what they mended, which were accepted."""
    Stop.objects.create(
        case=case,
        rule="stolen",
        evidence="Page 3.",
        reason="Copied.",
        made_by=make_moderator(),
        made_at=at,
        ends_at=at + timedelta(days=3),
        ended_at=at,
    )
    Remedy.objects.create(
        case=case,
        text=words,
        sent_at=at,
        is_accepted=True,
        reason="Fine.",
        decided_by=make_moderator(),
        decided_at=at,
    )
