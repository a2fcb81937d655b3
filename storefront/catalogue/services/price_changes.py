"""Record price changes of works. The only writer of PriceChange."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from storefront.catalogue.models import Listing, PriceChange


def record(listing: Listing, *, before: Mapping[str, int], at: datetime) -> None:
    """Append each price that differs from the last one recorded. The listing is locked and up to date.

    `before` are its prices until now (empty when it was off sale). A listing created in bulk has no recorded prices yet
    and gets these, dated from when it went on sale.
    """
    now = dict(listing.prices) if listing.is_on_sale else {}
    last = _last(listing.work_id)
    rows = []
    for currency in sorted({*now, *before, *last}):
        if currency not in last and currency in before and listing.published_at < at:
            last[currency] = before[currency]
            rows.append(_row(listing, currency, before[currency], listing.published_at))
        if last.get(currency) != now.get(currency):
            rows.append(_row(listing, currency, now.get(currency), at))
    PriceChange.objects.bulk_create(rows)


def _last(work_id: int) -> dict[str, int | None]:
    """Return the last recorded price, by currency."""
    rows = PriceChange.objects.filter(work=work_id).order_by("at", "pk")
    return dict(rows.values_list("currency", "amount_minor"))


def _row(listing: Listing, currency: str, amount_minor: int | None, at: datetime) -> PriceChange:
    return PriceChange(work_id=listing.work_id, currency=currency, amount_minor=amount_minor, at=at)
