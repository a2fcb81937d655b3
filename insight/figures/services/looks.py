"""Remembering when an author last looked at their desk's home."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from insight.figures.models import LastLook

# Looking again within this time is the same visit: what is new stays on the page.
_VISIT = timedelta(hours=1)
_FIRST = timedelta(days=7)


@transaction.atomic
def look(*, actor: User, at: datetime) -> datetime:
    """Note that the person looks now. Return the time of the visit before, since which things are new to them."""
    found, is_new = LastLook.objects.get_or_create(user=actor, defaults={"at": at, "before": at - _FIRST})
    if not is_new and at - found.at > _VISIT:
        found.before, found.at = found.at, at
        found.save(update_fields=["at", "before"])
    return found.before
