"""How far people have read conversations that are kept elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from hiring.conversations.models import SeenElsewhere


@transaction.atomic
def note_seen(*, user: User, thing: str, at: datetime) -> None:
    """Record that the person has seen what is said about a thing. It never goes back."""
    mark, is_new = SeenElsewhere.objects.get_or_create(user=user, thing=thing, defaults={"seen_at": at})
    if not is_new and mark.seen_at < at:
        SeenElsewhere.objects.filter(pk=mark.pk, seen_at__lt=at).update(seen_at=at)
