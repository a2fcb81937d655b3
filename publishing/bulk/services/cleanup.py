"""Deleting bulk edits: with the account, and after 30 days."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from publishing.bulk.models import KEPT_FOR, BulkEdit


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's bulk edits. Safe to repeat."""
    BulkEdit.objects.filter(user=deletion.user).delete()


def delete_old(at: datetime) -> None:
    """Delete bulk edits that are no longer kept."""
    BulkEdit.objects.filter(created_at__lte=at - KEPT_FOR).delete()
