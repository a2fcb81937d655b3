"""Ends what is shown when its book or its author's account is deleted."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from publishing.models import Work
from storefront.in_progress.models import Showing


def forget_work(work: Work) -> None:
    """Delete what is shown of a work that is about to be deleted, so that its files can go."""
    Showing.objects.filter(work=work).delete()


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what the person shows. Safe to repeat."""
    Showing.objects.filter(work__owner=deletion.user).delete()
