"""How many accounts have paid for a book and kept it: the basis of "bestselling" in the catalogue and of search.

Each account counts once per work, however many copies it gave away. Copies that cost next to nothing (as in
`storefront.community.selectors.votes`) and purchases by the book's makers do not count.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F
from django.db.models.functions import Greatest

from publishing.models import Contributor, Work
from storefront.catalogue.models import Listing
from storefront.catalogue.vote_rules import MIN_PAID_MINOR
from storefront.checkout.models import Entitlement, OrderLine


def count(*, buyer_id: int, entitlements: Collection[Entitlement]) -> None:
    """Count copies that were just granted and that the buyer has paid for."""
    _move(buyer_id, entitlements, 1)


def subtract(*, buyer_id: int, entitlements: Collection[Entitlement]) -> None:
    """Subtract copies that have just ended."""
    _move(buyer_id, entitlements, -1)


def _move(buyer_id: int, entitlements: Collection[Entitlement], by: int) -> None:
    lines = [one.line_id for one in entitlements if one.line_id is not None]
    paid = OrderLine.objects.filter(pk__in=lines, paid_minor__gte=MIN_PAID_MINOR)
    works = set(paid.values_list("entitlement__work", flat=True))
    if not works:
        return
    works -= _counted(buyer_id, works, lines) | _made_by(buyer_id, works)
    # In the order in which the ranking and the shelves lock them.
    rows = Listing.objects.filter(work__in=works).order_by("pk").values_list("pk", flat=True)
    listings = list(rows.select_for_update(no_key=True))
    # Someone may have become a maker, or stopped being one, in between.
    Listing.objects.filter(pk__in=listings).update(sales_count=Greatest(F("sales_count") + by, 0))


def _counted(buyer_id: int, works: Collection[int], lines: Collection[int]) -> set[int]:
    """Return which of the works the buyer has another paid, active copy of."""
    others = OrderLine.objects.filter(order__buyer=buyer_id, paid_minor__gte=MIN_PAID_MINOR).exclude(pk__in=lines)
    lasting = others.filter(entitlement__isnull=False, entitlement__ended_at=None, entitlement__work__in=works)
    return set(lasting.values_list("entitlement__work", flat=True))


def _made_by(user_id: int, works: Collection[int]) -> set[int]:
    owned = Work.objects.filter(pk__in=works, owner=user_id).values_list("pk", flat=True)
    return {*owned, *Contributor.objects.filter(work__in=works, user=user_id).values_list("work", flat=True)}
