"""Deletes a reader's positions with their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.reading.models import ReadingPosition


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what belongs to the reader alone. Safe to repeat."""
    ReadingPosition.objects.filter(user=deletion.user).delete()
