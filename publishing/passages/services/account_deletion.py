"""What deleting an account does to answers about passages."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from publishing.passages.models import Match


def erase(deletion: Deletion, at: datetime) -> None:
    """Remove the person's name and words from their answers; the answers stay. Safe to repeat."""
    Match.objects.filter(answered_by=deletion.user).update(answered_by=None, explanation="")
