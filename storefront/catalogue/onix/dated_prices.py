"""A book's prices with the days on which they hold, for ONIX."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from common import clock
from common.money import Money
from storefront.catalogue.models import Listing

type Dates = tuple[date | None, date | None]  # the first and the last day of a price; None: not bounded

_A_DAY, _INSTANT = timedelta(days=1), timedelta.resolution


def dated_prices(listing: Listing, currency: str) -> Iterator[tuple[Money, Dates]]:
    """Yield the prices in the currency with their first and last day: without promotions, one price of no date.

    ONIX has days where promotions have moments: a day of which any part is in a promotion belongs to the promotion, and
    a day of two belongs to the earlier.
    """
    listed, free_from = listing.prices[currency], None
    for one in listing.promotions.get(currency, ()):
        if one.ends_at <= clock.now() or one.price_minor >= listed:
            continue
        first, last = one.begins_at.date(), (one.ends_at - _INSTANT).date()
        if free_from is not None:
            first = max(first, free_from)
        if first > last:
            continue
        if first > (free_from or clock.now().date()):
            yield Money(listed, currency), (free_from, first - _A_DAY)
        yield Money(one.price_minor, currency), (first, last)
        free_from = last + _A_DAY
    yield Money(listed, currency), (free_from, None)
