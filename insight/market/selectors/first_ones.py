"""How soon new books are sold and new providers hired. Those without one are in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Min

from hiring.contracts.models import Contract
from hiring.offers.models import Offer
from insight.market.periods import Span
from insight.market.selectors import copies
from insight.market.values import Value, Waited, median_wait, share
from publishing.models import Edition

_NEW_FOR_DAYS = 365


def first_sale_days(span: Span) -> list[Value]:
    """Return the median time to the first paid copy of the works that came out within a year."""
    out = _came_out(span.ago(_NEW_FOR_DAYS), span.end)
    sold = copies.bought_by_others(until=span.end).filter(edition__work__in=out)
    firsts = dict(sold.values_list("edition__work").annotate(first=Min("sold_at")))
    return [median_wait(_waits(out, firsts, span.end))]


def first_hire_days(span: Span) -> list[Value]:
    """Return the median time to the first contract of the providers whose first offer came out within a year."""
    rows = Offer.objects.filter(published_at__isnull=False).order_by().values_list("provider")
    out = dict(rows.annotate(out=Min("published_at")).filter(out__gte=span.ago(_NEW_FOR_DAYS), out__lt=span.end))
    hired = Contract.objects.filter(provider__in=out, opened_at__lt=span.end).order_by().values_list("provider")
    return [median_wait(_waits(out, dict(hired.annotate(first=Min("opened_at"))), span.end))]


def new_books_sold(span: Span) -> list[Value]:
    """Return the share of works, out for 30 to 60 days, of which somebody bought and kept a copy."""
    out = _came_out(span.ago(60), span.ago(30))
    sold = copies.kept(until=span.end).filter(edition__work__in=out).values("edition__work").distinct().count()
    return [share(sold, len(out))]


def _came_out(start: datetime, end: datetime) -> dict[int, datetime]:
    """Return the works whose first edition came out then, with its moment."""
    rows = Edition.objects.filter(published_at__isnull=False).order_by().values_list("work")
    return dict(rows.annotate(out=Min("published_at")).filter(out__gte=start, out__lt=end))


def _waits(out: dict[int, Any], firsts: dict[int, datetime], end: datetime) -> list[Waited]:
    """Return each wait: to the first one, or to the end of the period. A pre-ordered book waits for no time."""
    return [Waited(max((firsts.get(key, end) - since).days, 0), key in firsts) for key, since in out.items()]
