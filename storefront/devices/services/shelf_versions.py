"""The moment at which a person's shelf last changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from storefront.devices.models import ShelfVersion


@transaction.atomic
def version_of(*, user: User, digest: str, at: datetime) -> datetime:
    """Return when the shelf became what the digest says, to the second: now, if it was another one before.

    Programs keep a shelf by this moment, so that of a new digest is later than any before it, even if two changes fall
    within one second.
    """
    known = ShelfVersion.objects.filter(user=user).first()
    if known is not None and known.digest == digest:
        return known.changed_at
    User.objects.select_for_update().get(pk=user.pk)  # two requests may see the change at once
    known = ShelfVersion.objects.filter(user=user).first()
    if known is not None and known.digest == digest:
        return known.changed_at
    moment = at.replace(microsecond=0)
    if known is not None:
        moment = max(moment, known.changed_at + timedelta(seconds=1))
    ShelfVersion.objects.update_or_create(user=user, defaults={"digest": digest, "changed_at": moment})
    return moment
