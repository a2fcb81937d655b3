"""What a work earned, for people who think about a share of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Sum

from common.money import Money
from royalties.models import SaleShare

WINDOW = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class WorkEarnings:
    """Royalties of all contributors together, by currency, for sales of the last 90 days that were not returned."""

    sales: int
    royalties: tuple[Money, ...]


def earned_lately(*, work_id: int, at: datetime) -> WorkEarnings:
    """Return what the work earned in the 90 days before the moment, as the ledger has it."""
    shares = SaleShare.objects.filter(work=work_id, sale__sold_at__gt=at - WINDOW, sale__sold_at__lte=at)
    kept = F("amount_minor") - F("returned_minor")
    sums = shares.order_by().values("currency").annotate(total=Sum(kept)).filter(total__gt=0).order_by("-total")
    royalties = tuple(Money(row["total"], row["currency"]) for row in sums)
    is_kept = Q(sale__returned_minor__lt=F("sale__paid_minor"))
    counted = shares.aggregate(sales=Count("sale", distinct=True, filter=is_kept))
    return WorkEarnings(counted["sales"], royalties)
