"""Deletes what people decided about their books with their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.shelf.models import BookChoice, Collection, LibraryView, WishLink, YearGoal


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what belongs to the person alone. Safe to repeat."""
    BookChoice.objects.filter(user=deletion.user).delete()
    LibraryView.objects.filter(user=deletion.user).delete()
    Collection.objects.filter(user=deletion.user).delete()
    YearGoal.objects.filter(user=deletion.user).delete()
    WishLink.objects.filter(user=deletion.user).delete()
