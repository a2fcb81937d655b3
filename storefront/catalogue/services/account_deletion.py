"""End an author's bundles when they delete their account."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from storefront.catalogue.models import Bundle, BundleState
from storefront.catalogue.services import bundles


def erase(deletion: Deletion, at: datetime) -> None:
    """Take the person's bundles off sale. Safe to repeat."""
    for bundle in Bundle.objects.filter(owner=deletion.user, state=BundleState.ON_SALE).order_by("pk"):
        bundles.withdraw_for_deletion(bundle)
