"""An author's series, with prices."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Prefetch

from accounts.permissions import Visitor
from common.errors import NotFound
from common.money import Money, apply_bps
from publishing import permissions
from publishing.models import Edition, Price, Series, Work


@dataclass(frozen=True, slots=True)
class SeriesBook:
    """A book of a series with its `price` and its discounted price `together`, in the shop's default currency.

    Both ignore minimum prices, and are None where the book has no price.
    """

    work: Work
    is_on_sale: bool
    price: Money | None
    together: Money | None


def series_of(user: Visitor, series_id: str) -> Series:
    """Return a series that the user may price. Raises NotFound."""
    found = Series.objects.filter(public_id=series_id).first()
    if found is None or not permissions.may_price_series(user, found):
        raise NotFound
    return found


def series_books(series: Series) -> list[SeriesBook]:
    """Return the books of the series in order."""
    currency = settings.DEFAULT_CURRENCY
    works = series.works.prefetch_related(
        Prefetch("prices", Price.objects.filter(currency=currency), "shop_prices"),
        Prefetch("editions", Edition.objects.on_sale(), "on_sale_editions"),
    )
    books = []
    for work in works.order_by(F("series_number").asc(nulls_last=True), "pk"):
        prices: list[Price] = work.shop_prices
        price = Money(prices[0].usual_minor, currency) if prices else None
        off = Money(apply_bps(price.amount_minor, series.completing_bps), currency) if price is not None else None
        together = price - off if price is not None and off is not None else None
        books.append(SeriesBook(work, bool(work.on_sale_editions), price, together))
    return books
