"""The data of a series' page, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from publishing.models import Series
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import CARD_FIELDS, Card, cards_in_places
from storefront.checkout.cart.selectors import series_offer
from storefront.checkout.cart.selectors.series_offer import SeriesRemainder


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """`rest` is the offer for a visitor who owns nothing: all books, if the series' owner offers that.

    `hidden` is how many books for adults are not shown because the reader did not ask for them.
    """

    series: Series
    cards: list[Card]
    rest: SeriesRemainder | None
    hidden: int = 0


def series_page(slug: str, *, with_adult: bool = False) -> SeriesPage | None:
    """Return a series with its books on sale by number, those without one last; None if there are none."""
    series = Series.objects.filter(slug=slug).first()
    if series is None:
        return None
    books = Listing.objects.on_sale().filter(series=series).order_by(F("series_number").asc(nulls_last=True), "pk")
    rows = list(books.only("series_number", "is_adult", *CARD_FIELDS))
    if not rows:
        return None
    shown = [row for row in rows if with_adult or not row.is_adult]
    cards = cards_in_places(shown, [row.series_number or 0 for row in shown])
    return SeriesPage(series, cards, series_offer.shown_rest(series, user=None), len(rows) - len(shown))
