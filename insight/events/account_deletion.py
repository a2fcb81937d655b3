"""Account deletion: share links lose their names and go on leading to their books."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from insight.events.models import ShareLink


def erase(deletion: Deletion, at: datetime) -> None:
    """Replace the names of the person's links by their codes. Safe to repeat."""
    for link in ShareLink.objects.filter(work__owner=deletion.user):
        ShareLink.objects.filter(pk=link.pk).update(label=link.code)
