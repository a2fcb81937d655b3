"""Refunds, bank disputes and cases by the month of the sale, by count and by sum, as the ledger has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from hiring.contracts.models import Case
from insight.market.periods import Span
from insight.market.values import Value, share
from royalties.models import DisputedSale, MilestoneDispute, MilestoneRecord, SaleRecord, SaleRefund


def refunds_by_count(span: Span) -> list[Value]:
    """Return the share of sold copies that we refunded, in full or in part."""
    refunded = SaleRefund.objects.filter(sale=OuterRef("pk"), by_dispute=False)
    return [share(_sales(span).filter(Exists(refunded)).count(), _sales(span).count())]


def refunds_by_sum(span: Span) -> list[Value]:
    """Return the share of what was paid for copies that we refunded."""
    back = SaleRefund.objects.filter(sale__in=_sales(span), by_dispute=False)
    return _shares(_sums(back, "sale__currency", "paid_minor"), _sums(_sales(span), "currency", "paid_minor"))


def disputes_by_count(span: Span) -> list[Value]:
    """Return the share of payments, for orders and milestones, that a bank disputed, however it ended."""
    disputed = DisputedSale.objects.filter(sale=OuterRef("pk"))
    orders = _sales(span).values("order_reference").distinct()
    milestones = MilestoneDispute.objects.filter(milestone=OuterRef("pk"))
    some = orders.filter(Exists(disputed)).count() + _milestones(span).filter(Exists(milestones)).count()
    return [share(some, orders.count() + _milestones(span).count())]


def disputes_by_sum(span: Span) -> list[Value]:
    """Return the share of what was paid, for books and milestones, that a bank disputed."""
    books = _sums(DisputedSale.objects.filter(sale__in=_sales(span)), "sale__currency", "paid_minor")
    work = _sums(MilestoneDispute.objects.filter(milestone__in=_milestones(span)), "currency", "amount_minor")
    paid = _sums(_sales(span), "currency", "paid_minor")
    return _shares(_added(books, work), _added(paid, _sums(_milestones(span), "currency", "funded_minor")))


def cases_by_count(span: Span) -> list[Value]:
    """Return the share of paid milestones about which one side opened a case."""
    about = Case.objects.filter(milestone__public_id=OuterRef("reference"))
    return [share(_milestones(span).filter(Exists(about)).count(), _milestones(span).count())]


def cases_by_sum(span: Span) -> list[Value]:
    """Return the share of what was paid for milestones that a case was about."""
    references = _milestones(span).values("reference")
    about = Case.objects.filter(milestone__public_id__in=references)
    return _shares(
        _sums(about, "milestone__currency", "amount_minor"), _sums(_milestones(span), "currency", "funded_minor")
    )


def _sales(span: Span) -> QuerySet[SaleRecord]:
    return SaleRecord.objects.filter(paid_minor__gt=0, sold_at__gte=span.start, sold_at__lt=span.end).order_by()


def _milestones(span: Span) -> QuerySet[MilestoneRecord]:
    return MilestoneRecord.objects.filter(paid_at__gte=span.start, paid_at__lt=span.end).order_by()


def _sums(rows: QuerySet[Any], currency: str, amount: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(currency).annotate(total=Sum(amount)))


def _added(*sums: dict[str, int]) -> dict[str, int]:
    return {key: sum(one.get(key, 0) for one in sums) for key in {key for one in sums for key in one}}


def _shares(some: dict[str, int], of: dict[str, int]) -> list[Value]:
    return [share(some.get(currency, 0), of[currency], currency) for currency in _in_order(of)]


def _in_order(sums: dict[str, int]) -> Iterable[str]:
    return sorted(sums)
