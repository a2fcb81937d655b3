"""Deletes a person's own books with their account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Deletion
from storefront.own_books.models import OwnBook
from storefront.own_books.services import removal


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete every book with its files, places and notes. Safe to repeat."""
    for book in OwnBook.objects.filter(owner=deletion.user).order_by("pk"):
        with transaction.atomic():
            removal.delete(book)
