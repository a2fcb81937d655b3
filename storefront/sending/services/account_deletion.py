"""Deletes a person's devices, and what was sent to them, with their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.sending.models import Device, Screen


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete everything. Safe to repeat."""
    Device.objects.filter(owner=deletion.user).delete()
    Screen.objects.filter(giver=deletion.user).delete()
