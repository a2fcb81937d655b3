"""Ending and renewing rights to read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import QuerySet

from common import jobs
from storefront.checkout import hooks
from storefront.checkout.entitlements.services import sales_counts
from storefront.checkout.models import Entitlement


def end_entitlements(entitlements: QuerySet[Entitlement], *, at: datetime) -> None:
    """End the active ones among them. Reviews and votes of their readers are updated after commit."""
    lasting = list(entitlements.filter(ended_at=None).select_related("line__order", "line__gift"))
    Entitlement.objects.filter(pk__in=[one.pk for one in lasting]).update(ended_at=at)
    by_buyer = defaultdict(list)
    for gift in (getattr(one.line, "gift", None) for one in lasting):
        if gift is not None:
            jobs.enqueue("checkout.mail_gift_ended", gift_id=gift.pk)
    for one in lasting:
        if one.line is not None:
            by_buyer[one.line.order.buyer_id].append(one)
    for buyer_id, ended in sorted(by_buyer.items()):
        sales_counts.subtract(buyer_id=buyer_id, entitlements=ended)
    for user_id in {one.user_id for one in lasting}:
        hooks.announce_entitlements(user_id)


def renew_entitlement(entitlement: Entitlement) -> None:
    """Renew an ended entitlement; reviews and votes are updated after commit as well."""
    entitlement.ended_at = None
    entitlement.save(update_fields=["ended_at"])
    if entitlement.line is not None:
        sales_counts.count(buyer_id=entitlement.line.order.buyer_id, entitlements=[entitlement])
    hooks.announce_entitlements(entitlement.user_id)
