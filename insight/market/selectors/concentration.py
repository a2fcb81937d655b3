"""How the royalties of a quarter are spread over all works on sale, those that earned nothing among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import Sum

from insight.market.periods import Span
from insight.market.values import Value, gini, top_tenth
from royalties.models import SaleRecord, SaleRefund
from storefront.catalogue.models import Listing

_QUARTER = 91


def share_of_top_tenth(span: Span) -> list[Value]:
    """Return what share of the royalties the top tenth of the works has, by currency."""
    return _of_each(span, top_tenth)


def inequality(span: Span) -> list[Value]:
    """Return the Gini coefficient of the royalties, by currency."""
    return _of_each(span, gini)


def _of_each(span: Span, spread: Callable[[Sequence[int], str], Value]) -> list[Value]:
    priced: dict[str, list[int]] = {}
    for work, prices in Listing.objects.on_sale().order_by().values_list("work", "prices"):
        for currency in prices:
            priced.setdefault(currency, []).append(work)
    return [
        spread([earned.get(work, 0) for work in works], currency)
        for currency, works in sorted(priced.items())
        for earned in [_royalties(span, currency)]
    ]


def _royalties(span: Span, currency: str) -> dict[int, int]:
    """Return by work what its sales of the quarter earned and kept until the end of the period."""
    sales = SaleRecord.objects.filter(currency=currency, sold_at__gte=span.ago(_QUARTER), sold_at__lt=span.end)
    back = SaleRefund.objects.filter(sale__in=sales.order_by(), refunded_at__lt=span.end).order_by()
    earned = dict(sales.order_by().values_list("work").annotate(total=Sum("royalty_minor")))
    for work, total in back.values_list("sale__work").annotate(total=Sum("royalty_minor")):
        earned[work] -= total
    return earned
