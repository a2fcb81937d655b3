"""Deletes what no device needs any more: notes that were deleted long ago, and devices that are no longer used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from accounts.models import User
from storefront.reading.models import Device, LastPlace, Note, SyncState
from storefront.reading.services import sync_states

# A device that was not here for longer gets everything anew.
DELETED_NOTES_LAST = timedelta(days=400)
UNUSED_DEVICES_LAST = timedelta(days=400)


def forget(at: datetime) -> None:
    """Run each night. Safe to repeat."""
    old = Note.objects.filter(deleted_at__lt=at - DELETED_NOTES_LAST)
    for person in User.objects.filter(pk__in=old.values("user")).order_by("pk"):
        _forget_notes(person, at)
    _forget_devices(at)


@transaction.atomic
def _forget_notes(person: User, at: datetime) -> None:
    state = sync_states.lock(person)
    old = Note.objects.filter(user=person, deleted_at__lt=at - DELETED_NOTES_LAST)
    latest = old.aggregate(latest=Max("cursor"))["latest"]
    if latest is not None:
        SyncState.objects.filter(pk=state.pk, forgotten_cursor__lt=latest).update(forgotten_cursor=latest)
        old.delete()


def _forget_devices(at: datetime) -> None:
    """Delete devices that are no longer used, but for those that hold the last place in a book."""
    later = LastPlace.objects.filter(
        device__user=OuterRef("device__user"), work=OuterRef("work"), at__gt=OuterRef("at")
    )
    still_last = LastPlace.objects.filter(~Exists(later), device=OuterRef("pk"))
    Device.objects.filter(~Exists(still_last), seen_at__lt=at - UNUSED_DEVICES_LAST).delete()
