"""Which payment methods the provider keeps for whom."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import User
from storefront.checkout.models import SavedCard


def customer_of(user: User) -> str:
    """Return the provider's customer that has the person's payment method; "" if nothing is kept."""
    kept = SavedCard.objects.filter(user=user, checked_at__isnull=False, removed_at=None)
    return kept.values_list("customer_id", flat=True).first() or ""


def to_settle() -> QuerySet[SavedCard]:
    """Return the customers about whom the provider has to be asked, or who are to be deleted there."""
    return SavedCard.objects.filter(Q(checked_at=None) | Q(removed_at__isnull=False))
