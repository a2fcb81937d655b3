"""Deletes a person's app passwords with their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.devices.models import AppPassword, ShelfVersion


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's app passwords and the version of their shelf. Safe to repeat."""
    AppPassword.objects.filter(user=deletion.user).delete()
    ShelfVersion.objects.filter(user=deletion.user).delete()
