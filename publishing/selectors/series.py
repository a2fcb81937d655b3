"""An author's series, as they price it."""

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
    """`price` alone and `together` in the shop's currency, before any least that holds; None where it has none."""

    work: Work
    is_on_sale: bool
    price: Money | None
    together: Money | None


def series_of(user: Visitor, series_id: str) -> Series:
    """A series that the person may price. Raises NotFound."""
    found = Series.objects.filter(public_id=series_id).first()
    if found is None or not permissions.may_price_series(user, found):
        raise NotFound
    return found


def series_books(series: Series) -> list[SeriesBook]:
    """Its books in their order."""
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
