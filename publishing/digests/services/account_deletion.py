"""Account deletion: nobody is left to be told."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from publishing.digests.models import Digest


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete when the person was told of what. Safe to repeat."""
    Digest.objects.filter(user=deletion.user).delete()
