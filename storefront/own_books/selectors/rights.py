"""Which own books a person reads, for the apps below that ask `given_copies`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from accounts.models import User
from storefront.checkout.given_copies import GivenCopy
from storefront.own_books.models import OwnBook


def lasting(user: User, works: Collection[int] | None, on: date) -> dict[int, GivenCopy]:
    """Return the person's books that are ready: of these works, or of all for None. They have no last day."""
    rows = OwnBook.objects.filter(owner=user, ready_at__isnull=False)
    if works is not None:
        rows = rows.filter(edition__work__in=works)
    found = rows.values_list("edition__work", "uploaded_at")
    return {pk: GivenCopy(pk, None, may_download=True, given_at=at) for pk, at in found}


def ever_given(user: User, works: Collection[int]) -> set[int]:
    """Return which of these works are the person's, removed ones too: notes in them can still be changed."""
    rows = OwnBook.objects.filter(owner=user, edition__work__in=works)
    return set(rows.values_list("edition__work", flat=True))
