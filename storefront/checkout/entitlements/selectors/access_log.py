"""When purchased books were opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storefront.checkout.models import AccessRecord, Order


def accesses_of(order: Order, *, before: datetime | None = None) -> Sequence[AccessRecord]:
    """Return every download and day of reading of the order's books, oldest first."""
    rows = AccessRecord.objects.filter(entitlement__line__order=order).select_related("entitlement__work")
    return list(rows.filter(at__lt=before) if before is not None else rows)
