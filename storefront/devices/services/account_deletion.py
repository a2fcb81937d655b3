"""Deletes a person's app passwords and the places from their devices with their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.devices.models import AppPassword, ShelfVersion, SyncedPlace


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's app passwords, the version of their shelf and the places. Safe to repeat."""
    AppPassword.objects.filter(user=deletion.user).delete()
    ShelfVersion.objects.filter(user=deletion.user).delete()
    SyncedPlace.objects.filter(user=deletion.user).delete()
