"""Cards: stored markup of listings, with the price written in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from common.money import Money
from storefront.models import Listing

PRICE_MARK = "<!--price-->"
_LAZY = ' loading="lazy"'


@dataclass(frozen=True, slots=True)
class Card:
    slug: str
    html: SafeString


def cover_name(work: object) -> str:
    """The public file of a small cover, "" when there is none."""
    listing = getattr(work, "listing", None)
    names = listing.cover if listing is not None else {}
    return next((str(names[target]) for target in ("160-webp", "320-webp", "320-jpeg") if names.get(target)), "")


def cards_of(listings: QuerySet[Listing], *, order: Sequence[int] = (), eager: int = 4) -> list[Card]:
    """The cards of the listings, in their order or in that of the primary keys. The first `eager` load at once."""
    rows = list(listings.values_list("pk", "slug", "card_html", "price_minor", "is_open_price"))
    if order:
        place = {pk: i for i, pk in enumerate(order)}
        rows.sort(key=lambda row: place[row[0]])
    language = get_language() or "en"
    return [
        Card(slug, card_markup(html, price, language, is_open=is_open, is_eager=i < eager))
        for i, (_pk, slug, html, price, is_open) in enumerate(rows)
    ]


class CardRow(NamedTuple):
    """What a card needs of a listing, as `CARD_FIELDS` of `browse` are read."""

    slug: str
    card_html: str
    price_minor: int | None
    is_open_price: bool


def cards_from(listings: Iterable[Listing | CardRow], *, eager: int = 4) -> list[Card]:
    """The same for listings already loaded, or just these columns of them."""
    language = get_language() or "en"
    return [
        Card(
            row.slug,
            card_markup(row.card_html, row.price_minor, language, is_open=row.is_open_price, is_eager=i < eager),
        )
        for i, row in enumerate(listings)
    ]


def card_markup(
    html: str, price_minor: int | None, language: str, *, is_open: bool = False, is_eager: bool = False
) -> SafeString:
    """Stored markup made ready to show: our own template rendered it, from escaped values."""
    if is_eager:
        html = html.replace(_LAZY, "", 1)
    text = price_text(price_minor, language, is_open=is_open)
    return mark_safe(html.replace(PRICE_MARK, text, 1))


@lru_cache(maxsize=4096)
def price_text(price_minor: int | None, language: str, *, is_open: bool = False) -> str:
    """The price in the default currency as the language writes it; the word for 0; "" for none. Escaped.

    An open price is the least that readers pay.
    """
    if price_minor is None:
        return ""
    if price_minor == 0:
        return escape(gettext("Pay what you want") if is_open else gettext("Free"))
    price = Money(price_minor, settings.DEFAULT_CURRENCY).format(language)
    return escape(gettext("from %(price)s") % {"price": price} if is_open else price)
