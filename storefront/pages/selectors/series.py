"""The page of a series, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from publishing.models import Series
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import CARD_FIELDS, Card, cards_in_places
from storefront.checkout.cart.selectors import completing
from storefront.checkout.cart.selectors.completing import Rest


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """`rest` is what somebody of whom nothing is known lacks of it: all, where its owner offers that. `hidden` are
    books for adults that were not asked for.
    """

    series: Series
    cards: list[Card]
    rest: Rest | None
    hidden: int = 0


def series_page(slug: str, *, with_adult: bool = False) -> SeriesPage | None:
    """A series with its books on sale by number, those without one last; None when there are none."""
    series = Series.objects.filter(slug=slug).first()
    if series is None:
        return None
    books = Listing.objects.on_sale().filter(series=series).order_by(F("series_number").asc(nulls_last=True), "pk")
    rows = list(books.only("series_number", "is_adult", *CARD_FIELDS))
    if not rows:
        return None
    shown = [row for row in rows if with_adult or not row.is_adult]
    cards = cards_in_places(shown, [row.series_number or 0 for row in shown])
    return SeriesPage(series, cards, completing.shown_rest(series, user=None), len(rows) - len(shown))
