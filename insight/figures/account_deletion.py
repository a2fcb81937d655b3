"""Account deletion: sums by owner go. Those by work say nothing about a person."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from insight.figures.models import LastLook, OwnerDay


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's sums and when they last looked. Safe to repeat."""
    OwnerDay.objects.filter(owner=deletion.user).delete()
    LastLook.objects.filter(user=deletion.user).delete()
