"""What we take and what a sale costs us, by currency, out of the result accounts of the ledger."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Sum

from common.money import divide_half_up
from conversion.models import ConversionJob
from insight.market.periods import Span
from insight.market.values import Value
from royalties.models import MilestoneSettlement, SaleRecord
from royalties.selectors import economics
from royalties.selectors.economics import MonthEconomics

_INSTANT = timedelta(microseconds=1)


def take_rate(span: Span) -> list[Value]:
    """Return our fees by what was sold: books without tax and refunds, and work when it is paid out to providers."""
    settled = MilestoneSettlement.objects.filter(entry__booked_at__gte=span.start, entry__booked_at__lt=span.end)
    work = dict(settled.order_by().values_list("currency").annotate(total=Sum("gross_minor")))
    return [
        Value(divide_half_up(10_000 * (one.platform_fee + one.plan_fees), net), one.sales, one.currency)
        for one in _months(span)
        for net in [one.gross - one.given_back - one.tax + work.get(one.currency, 0)]
        if net > 0
    ]


def cost_per_sale(span: Span) -> list[Value]:
    """Return what a sale cost us: everything in the result accounts but our fees."""
    return [
        Value(divide_half_up(one.platform_fee + one.plan_fees - one.contribution, one.sales), one.sales, one.currency)
        for one in _months(span)
        if one.sales
    ]


def left_per_sale(span: Span) -> list[Value]:
    """Return what is left to us of a sale: all result accounts together, by sale."""
    return [Value(one.per_sale, one.sales, one.currency) for one in _months(span) if one.sales]


def worker_seconds(span: Span) -> list[Value]:
    """Return the tenths of seconds that conversions took, by sale."""
    took = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
    jobs = ConversionJob.objects.filter(
        finished_at__gte=span.start, finished_at__lt=span.end, started_at__isnull=False
    ).order_by()
    total: timedelta = jobs.aggregate(total=Sum(took))["total"] or timedelta()
    sales = SaleRecord.objects.filter(paid_minor__gt=0, sold_at__gte=span.start, sold_at__lt=span.end).count()
    tenths = total // timedelta(milliseconds=1)
    return [Value(divide_half_up(tenths, 100 * sales) if sales else None, sales)]


def _months(span: Span) -> list[MonthEconomics]:
    found = economics.by_month(since=span.start, until=span.end - _INSTANT)
    return sorted(found, key=lambda one: one.currency)
