"""Cards: stored markup of listings, with the price written in the reader's language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.db import connection
from django.urls import get_script_prefix
from django.utils.formats import get_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from accounts import regions
from accounts.regions import Region
from common.money import Money
from common.rows import read_rows
from storefront.models import Listing

PRICE_MARK = "<!--price-->"
_LAZY, _AT_ONCE = ' loading="lazy"', ' fetchpriority="high"'
_LINK = '<a href="/'
_STARS = re.compile(r"(★</b> \d)\.(?=\d)")
# What a list needs of a row, the big texts left behind.
CARD_FIELDS = ("slug", "card_html", "prices", "open_in")


class Card(NamedTuple):
    slug: str
    html: SafeString
    place: int = 0  # in the ranking or the series that the list is of; 0 in others


def cover_name(work: object) -> str:
    """The public file of a small cover, "" when there is none."""
    listing = getattr(work, "listing", None)
    return small_cover(listing.cover) if listing is not None else ""


def small_cover(names: Mapping[str, str]) -> str:
    """The same of a listing's `cover`."""
    return next((str(names[target]) for target in ("160-webp", "320-webp", "320-jpeg") if names.get(target)), "")


def cards_by_key(keys: Sequence[int]) -> list[Card]:
    """The cards of these listings in the order of `keys`, by a statement that is written out."""
    if not keys:
        return []
    some, values = f"IN ({', '.join(['%s'] * len(keys))})", list[Any](keys)
    if connection.vendor == "postgresql":  # one statement, and one plan, however many they are
        some, values = "= ANY(%s::bigint[])", [list(keys)]
    statement = f"SELECT id, {', '.join(CARD_FIELDS)} FROM storefront_listing WHERE id {some}"  # noqa: S608 - our own words
    rows = {row[0]: card_row(row[1:]) for row in read_rows(statement, values)}
    return cards_from([rows[key] for key in keys if key in rows])


class StoredPrices(dict[str, int]):
    """Prices by currency as one text says them: what is made of them is remembered by the object."""

    __hash__ = object.__hash__  # type: ignore[assignment]  # dict has none


@lru_cache(maxsize=4096)
def prices_of(text: str) -> StoredPrices:
    """Prices by currency from what is stored, not to be changed; many books cost the same."""
    return StoredPrices(json.loads(text))


class CardRow(NamedTuple):
    """What a card needs of a listing, as `CARD_FIELDS` are read."""

    slug: str
    card_html: str
    prices: StoredPrices
    open_in: str | None


def card_row(columns: Sequence[Any]) -> CardRow:
    """A row of CARD_FIELDS as a cursor gives it."""
    slug, html, prices, open_in = columns
    return CardRow(slug, html, prices_of(prices), open_in)


def cards_from(listings: Iterable[Listing | CardRow], *, eager: int = 2) -> list[Card]:
    """The same for listings already loaded, or just these columns of them."""
    place = _Place.here()
    found = []
    for number, row in enumerate(listings):
        if isinstance(row, CardRow):
            price = _price_kept(row.prices, row.open_in, place.currencies, place.language)
        else:
            price = _price_shown(row.prices, row.open_in, place.currencies, place.language)
        found.append(Card(row.slug, _markup(row.card_html, price, place, is_eager=number < eager)))
    return found


def cards_in_places(listings: Iterable[Listing | CardRow], places: Iterable[int], *, eager: int = 2) -> list[Card]:
    """The same, each with its place in the ranking or the series that the list is of."""
    return [card._replace(place=place) for card, place in zip(cards_from(listings, eager=eager), places, strict=True)]


class _Place(NamedTuple):
    """What all cards of a page are written for, looked up once for all of them."""

    prefix: str  # of addresses
    language: str
    decimal: str  # what the language writes between units and tenths
    currencies: tuple[str, ...]  # in the order in which readers are asked in them

    @classmethod
    def here(cls) -> _Place:
        language = get_language() or "en"
        return cls(get_script_prefix(), language, decimal_mark(language), regions.currencies())


class Priced(Protocol):
    """A listing, or what stands for one."""

    @property
    def prices(self) -> Mapping[str, int]: ...

    @property
    def open_in(self) -> str | None: ...


def price_of(listing: Priced, region: Region | None = None) -> Money | None:
    """What readers of the region (the page's) are asked: in the first currency of its order that has a price; None
    without one."""
    return _asked(listing.prices, regions.currencies(region))


def is_open(price: Money | None, open_in: str | None) -> bool:
    """Whether readers choose what they pay, from this price up. `open_in` are currencies, as a listing names them."""
    return price is not None and price.currency in (open_in or "")


def _price_shown(prices: Mapping[str, int], open_in: str | None, currencies: tuple[str, ...], language: str) -> str:
    price = _asked(prices, currencies)
    return price_text(price, language, is_open=is_open(price, open_in))


@lru_cache(maxsize=4096)
def _price_kept(prices: StoredPrices, open_in: str | None, currencies: tuple[str, ...], language: str) -> str:
    return _price_shown(prices, open_in, currencies, language)


def _markup(html: str, price: str, place: _Place, *, is_eager: bool) -> SafeString:
    """Stored markup made ready to show: our own template rendered it, from escaped values."""
    if is_eager:
        html = html.replace(_LAZY, _AT_ONCE, 1)
    if place.prefix != "/":
        html = html.replace(_LINK, f"{_LINK[:-1]}{place.prefix}")
    if place.decimal != ".":
        html = _STARS.sub(rf"\1{place.decimal}", html, count=1)
    return SafeString(html.replace(PRICE_MARK, price, 1))


def _asked(prices: Mapping[str, int], currencies: tuple[str, ...]) -> Money | None:
    for currency in currencies:
        if (amount := prices.get(currency)) is not None:
            return Money(amount, currency)
    return None


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
