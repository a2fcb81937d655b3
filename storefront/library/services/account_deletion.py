"""Deletes a reader's lists with their account."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts.models import Deletion
from storefront.library.models import (
    EditionMailing,
    EditionMailStop,
    EditionNotice,
    Follow,
    FollowNotice,
    ReaderMail,
    WatermarkedCopy,
    Wish,
)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what belongs to the reader alone. Safe to repeat."""
    user = deletion.user
    WatermarkedCopy.objects.filter(Q(entitlement__user=user) | Q(given_to=user)).delete()
    Wish.objects.filter(user=user).delete()
    Follow.objects.filter(Q(user=user) | Q(author=user)).delete()
    FollowNotice.objects.filter(user=user).delete()
    ReaderMail.objects.filter(user=user).delete()
    EditionNotice.objects.filter(user=user).delete()
    EditionMailStop.objects.filter(Q(user=user) | Q(owner=user)).delete()
    EditionMailing.objects.filter(owner=user).delete()
