"""Cards: stored markup of listings, with the price written in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import get_script_prefix
from django.utils.formats import get_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from accounts import regions
from common.money import Money
from storefront.models import Listing

PRICE_MARK = "<!--price-->"
_LAZY, _AT_ONCE = ' loading="lazy"', ' fetchpriority="high"'
_LINK = '<a href="/'
_STARS = re.compile(r"(★</b> \d)\.(?=\d)")
# What a list needs of a row, the big texts left behind.
CARD_FIELDS = ("slug", "card_html", "prices", "open_in")


@dataclass(frozen=True, slots=True)
class Card:
    slug: str
    html: SafeString
    place: int = 0  # in the ranking or the series that the list is of; 0 in others


def cover_name(work: object) -> str:
    """The public file of a small cover, "" when there is none."""
    listing = getattr(work, "listing", None)
    names = listing.cover if listing is not None else {}
    return next((str(names[target]) for target in ("160-webp", "320-webp", "320-jpeg") if names.get(target)), "")


def cards_of(listings: QuerySet[Listing], *, order: Sequence[int] = (), eager: int = 2) -> list[Card]:
    """The cards of the listings, in their order or in that of the primary keys. The first `eager` load at once: a
    phone's first row."""
    rows = list(listings.values_list("pk", *CARD_FIELDS))
    if order:
        place = {pk: i for i, pk in enumerate(order)}
        rows.sort(key=lambda row: place[row[0]])
    return cards_from([CardRow(*row[1:]) for row in rows], eager=eager)


class CardRow(NamedTuple):
    """What a card needs of a listing, as `CARD_FIELDS` are read."""

    slug: str
    card_html: str
    prices: Mapping[str, int]
    open_in: str | None


def cards_from(listings: Iterable[Listing | CardRow], *, eager: int = 2) -> list[Card]:
    """The same for listings already loaded, or just these columns of them."""
    return [
        Card(row.slug, card_markup(row.card_html, price_of(row), open_in=row.open_in, is_eager=i < eager))
        for i, row in enumerate(listings)
    ]


def price_of(listing: Listing | CardRow) -> Money | None:
    """What readers of the page's region are asked: in its currency, else in the shop's; None without a price."""
    return asked(listing.prices)


def asked(prices: Mapping[str, int]) -> Money | None:
    """The same of prices by currency."""
    for currency in (regions.current().currency, settings.DEFAULT_CURRENCY):
        if (amount := prices.get(currency)) is not None:
            return Money(amount, currency)
    return None


def is_open(price: Money | None, open_in: str | None) -> bool:
    """Whether readers choose what they pay, from this price up. `open_in` are currencies, as a listing names them."""
    return price is not None and price.currency in (open_in or "")


def card_markup(html: str, price: Money | None, *, open_in: str | None = None, is_eager: bool = False) -> SafeString:
    """Stored markup made ready to show: our own template rendered it, from escaped values."""
    if is_eager:
        html = html.replace(_LAZY, _AT_ONCE, 1)
    prefix = get_script_prefix()
    if prefix != "/":
        html = html.replace(_LINK, f"{_LINK[:-1]}{prefix}")
    language = get_language() or "en"
    if (mark := decimal_mark(language)) != ".":
        html = _STARS.sub(rf"\1{mark}", html, count=1)
    text = price_text(price, language, is_open=is_open(price, open_in))
    return mark_safe(html.replace(PRICE_MARK, text, 1))


@lru_cache(maxsize=64)
def decimal_mark(language: str) -> str:
    """What the language writes between units and tenths."""
    return str(get_format("DECIMAL_SEPARATOR", language, use_l10n=True))


@lru_cache(maxsize=4096)
def price_text(price: Money | None, language: str, *, is_open: bool = False) -> str:
    """The price as the language writes it; the word for 0; "" for none. Escaped.

    An open price is the least that readers pay.
    """
    if price is None:
        return ""
    if not price:
        return escape(gettext("Pay what you want") if is_open else gettext("Free"))
    text = price.format(language)
    return escape(gettext("from %(price)s") % {"price": text} if is_open else text)
