"""Cards: what lists show of a book, with the price for the reader's region (`catalogue/_card.html`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.utils.formats import get_format
from django.utils.translation import get_language, gettext

from accounts import page_cache, regions
from accounts.regions import Region
from common import clock
from common.money import Money
from publishing.price_now import PriceNow, PricePeriod, next_border, price_at
from storefront.catalogue.models import Listing

# The columns a card needs; the long texts are not loaded.
CARD_FIELDS = (
    *("slug", "title", "byline", "language", "cover", "prices", "open_in", "promotions", "fixed_in"),
    *("rating_sum", "rating_count"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """`cover` is a public file name, "" for none; `stars` is the mean, "" without reviews.

    `place` is the book's place if the list is a ranking or a series, otherwise 0. Eager covers are loaded before the
    others.
    """

    slug: str
    title: str
    byline: str
    language: str
    cover: str
    price: str
    stars: str
    rating_count: int
    place: int = 0
    is_eager: bool = False


def cover_name(work: object) -> str:
    """Return the public file of a small cover, "" if there is none."""
    listing = getattr(work, "listing", None)
    return small_cover(listing.cover) if listing is not None else ""


def small_cover(names: Mapping[str, str]) -> str:
    """Return the same for a listing's `cover`."""
    return next((str(names[target]) for target in ("160-webp", "320-webp", "320-jpeg") if names.get(target)), "")


def cards_by_key(keys: Sequence[int]) -> list[Card]:
    """Return the cards of these listings in the order of `keys`, with one query."""
    found = Listing.objects.only(*CARD_FIELDS).in_bulk(keys) if keys else {}
    return cards_from(found[key] for key in keys if key in found)


def cards_from(listings: Iterable[Listing], *, eager: int = 2) -> list[Card]:
    """Return the cards of loaded listings. The first `eager` covers are on the first screen."""
    return [_card(listing, is_eager=number < eager) for number, listing in enumerate(listings)]


def cards_in_places(listings: Iterable[Listing], places: Iterable[int], *, eager: int = 2) -> list[Card]:
    """Return the same, each with its place in a ranking or a series."""
    cards = cards_from(listings, eager=eager)
    return [replace(card, place=place) for card, place in zip(cards, places, strict=True)]


def _card(listing: Listing, *, is_eager: bool) -> Card:
    return Card(
        slug=listing.slug,
        title=listing.title,
        byline=listing.byline,
        language=listing.language,
        cover=str(listing.cover.get("320-webp", "")),
        price=listed_price(listing),
        stars=listing.mean_stars,
        rating_count=listing.rating_count,
        is_eager=is_eager,
    )


class Priced(Protocol):
    """A listing, or an object with its prices."""

    @property
    def prices(self) -> Mapping[str, int]: ...

    @property
    def open_in(self) -> str: ...

    @property
    def promotions(self) -> Mapping[str, Sequence[PricePeriod]]: ...

    @property
    def fixed_in(self) -> str: ...


def price_of(listing: Priced, region: Region | None = None) -> Money | None:
    """Return the price now for readers in the region, by default the page's.

    It is in the first of the region's currencies that has a price; None if there is none.
    """
    listed = list_price_of(listing, region)
    if listed is None:
        return None
    country = (region or regions.current()).country
    return Money(price_now(listing, listed.currency, country=country, at=clock.now()).minor, listed.currency)


def list_price_of(listing: Priced, region: Region | None = None) -> Money | None:
    """Return the list price for readers in the region, whatever promotion runs."""
    for currency in regions.currencies(region):
        if (amount := listing.prices.get(currency)) is not None:
            return Money(amount, currency)
    return None


def price_now(listing: Priced, currency: str, *, country: str, at: datetime) -> PriceNow:
    """Return the price in a currency that the listing has, for readers in the country ("" while it is not known).

    A page that shows it must not be cached over the next moment at which it changes.
    """
    periods = listing.promotions.get(currency, ())
    if (border := next_border(periods, at)) is not None:
        page_cache.limit_to(border)
    is_fixed = bool(country) and country in listing.fixed_in.split()
    return price_at(listing.prices[currency], periods, at, is_fixed=is_fixed)


def is_open(price: Money | None, open_in: str) -> bool:
    """Return whether readers choose what they pay, from this price up. `open_in` names currencies as a listing does."""
    return price is not None and price.currency in open_in


def listed_price(listing: Priced) -> str:
    """Return the price in the region's currency and the page's language, "from $3.00" for an open price."""
    price = price_of(listing)
    return price_text(price, get_language() or "en", is_open=is_open(price, listing.open_in))


@lru_cache(maxsize=64)
def decimal_mark(language: str) -> str:
    """Return the language's decimal separator."""
    return str(get_format("DECIMAL_SEPARATOR", language, use_l10n=True))


@lru_cache(maxsize=4096)
def price_text(price: Money | None, language: str, *, is_open: bool = False) -> str:
    """Return the price as the language writes it, the word for 0, or "" for none. An open price is the minimum."""
    if price is None:
        return ""
    if not price:
        return gettext("Pay what you want") if is_open else gettext("Free")
    text = price.format(language)
    return gettext("from %(price)s") % {"price": text} if is_open else text
