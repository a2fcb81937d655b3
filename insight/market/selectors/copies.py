"""Paid copies that people other than a book's own makers bought."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from publishing.models import Contributor
from royalties.models import SaleRecord, SaleRefund
from storefront.checkout.models import OrderLine

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def bought_by_others(*, until: datetime, since: datetime = _EVER) -> QuerySet[OrderLine]:
    """Return the lines sold between these moments, with `sold_at`, but those bought by the owner or a contributor."""
    sale = SaleRecord.objects.filter(reference=OuterRef("public_id"))
    makers = Contributor.objects.filter(work=OuterRef("edition__work"), user=OuterRef("order__buyer"))
    return (
        OrderLine.objects.filter(paid_minor__gt=0)
        .annotate(sold_at=Subquery(sale.values("sold_at")[:1]))
        .filter(sold_at__gte=since, sold_at__lt=until)
        .exclude(edition__work__owner=F("order__buyer"))
        .filter(~Exists(makers))
    )


def kept(*, until: datetime, since: datetime = _EVER) -> QuerySet[OrderLine]:
    """Return those of them that had not been returned in full by then."""
    returned = SaleRefund.objects.filter(sale__reference=OuterRef("public_id"), is_last=True, refunded_at__lt=until)
    return bought_by_others(until=until, since=since).filter(~Exists(returned))
