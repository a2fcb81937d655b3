"""Completing a series: buying all its books on sale at one discount, without those the reader already has.

The cart treats it like a bundle that the shop assembles: the series has one price, divided among the books by list
price, and the reader does not pay the share of books they already have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, QuerySet

from accounts import regions
from accounts.models import User
from common import clock
from common.money import Money, allocate, apply_bps
from publishing.models import Edition, Price, Series, Work
from royalties.errors import NoTermsInForce
from royalties.services import terms
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.catalogue.selectors import prices as price_selectors
from storefront.catalogue.selectors.bundles import BundlePart
from storefront.catalogue.selectors.cards import cover_name
from storefront.checkout import permissions

_MIN_BOOKS = 2


def divided(listed: Sequence[int], floors: Sequence[int], discount_bps: int) -> list[int]:
    """Return the price of each book if all are bought: the discounted total divided by list price, none below its
    floor.

    A floor above the list price counts as the list price: no book ever costs more than on its own.
    """
    whole = sum(listed)
    if not whole:
        return [0] * len(listed)
    parts = allocate(whole - apply_bps(whole, discount_bps), listed)
    return [max(part, min(floor, alone)) for part, floor, alone in zip(parts, floors, listed, strict=True)]


@dataclass(frozen=True, slots=True)
class SeriesRemainder:
    """What one reader lacks of a series. They have `had` of `books`; `listed` is the price of the others one by one.

    `lowest` is the lowest price of the others one by one in the last thirty days, if it is known and lower.
    """

    parts: tuple[BundlePart, ...]
    books: int
    had: int
    currency: str
    price: Money | None
    listed: Money | None
    lowest: Money | None

    @property
    def unpriced(self) -> list[str]:
        """Return the titles without a price in the currency. Part of the rest does not complete a series, so they
        block the others."""
        return [part.work.title for part in self.parts if part.listed is None]

    @property
    def is_reduced(self) -> bool:
        return self.price is not None and self.listed is not None and self.price.amount_minor < self.listed.amount_minor


@dataclass(frozen=True, slots=True)
class SeriesOffer:
    """The whole series in one currency, in its order. Parts without a price in that currency have none."""

    series: Series
    parts: tuple[BundlePart, ...]
    currency: str

    @property
    def is_on_sale(self) -> bool:
        return self.series.completing_bps > 0 and len(self.parts) >= _MIN_BOOKS

    @property
    def price(self) -> Money | None:
        """Return the total of all parts that have a price; None if none has."""
        parts = [part.part.amount_minor for part in self.parts if part.part is not None]
        return Money(sum(parts), self.currency) if parts else None

    def rest(self, *, had: Collection[int], country: str = "", elsewhere: Collection[int] = ()) -> SeriesRemainder:
        """Return the rest for a reader who has these works (primary keys). Works bought `elsewhere` in the cart are
        left out."""
        lacking = bundle_selectors.parts_to_buy(self.parts, had={*had, *elsewhere}, country=country)
        is_priced = bool(lacking) and all(part.part is not None for part in lacking)
        listed = Money(sum(part.listed.amount_minor for part in lacking if part.listed), self.currency)
        theirs = sum(part.work.pk in had for part in self.parts)
        return SeriesRemainder(
            parts=lacking,
            books=theirs + len(lacking),
            had=theirs,
            currency=self.currency,
            price=_sum(part.part for part in lacking) if is_priced else None,
            listed=listed if is_priced else None,
            lowest=_lowest(lacking, listed) if is_priced else None,
        )


def books() -> QuerySet[Work]:
    """Return every book that can be bought by completing its series: by the series' owner, and on sale now.
    Announced books are not included, because they are paid for and refunded differently."""
    return Work.objects.filter(series__owner=F("owner"), editions__in=Edition.objects.on_sale())


def series_of(slug: str) -> Series | None:
    """Return the series at a public URL, if its owner offers to complete it."""
    return Series.objects.filter(slug=slug, completing_bps__gt=0).first()


def offers_of(series: Sequence[Series], *, currency: str, at: datetime | None = None) -> dict[int, SeriesOffer]:
    """Return the offers by series, in a fixed number of queries however many there are; none for no series."""
    if not series:
        return {}
    works: dict[int, list[Work]] = defaultdict(list)
    for work in _works([one.pk for one in series], currency):
        works[work.series_id or 0].append(work)
    least = _least(currency, at or clock.now())
    return {
        one.pk: SeriesOffer(one, _parts(works[one.pk], one.completing_bps, currency, least), currency) for one in series
    }


def offer_of(series: Series, *, currency: str) -> SeriesOffer:
    return offers_of([series], currency=currency)[series.pk]


def rest_for(offer: SeriesOffer, *, user: User | None, country: str) -> SeriesRemainder:
    """Return what the person lacks of the series; everything for a visitor who is not logged in."""
    works = [part.work.pk for part in offer.parts]
    return offer.rest(had=permissions.works_bought_or_made(user, works) if user is not None else set(), country=country)


def shown_rest(series: Series, *, user: User | None) -> SeriesRemainder | None:
    """Return the rest as pages show it: for the region's country, in the first of its currencies in which everything
    has a price; None without an offer.

    If the person has everything, nothing is left and there is no price. There is no price either if no currency has
    prices for all books: then the rest is in the region's currency and names the books without a price.
    """
    here, unpriced = regions.current(), None
    for currency in regions.currencies():
        offer = offer_of(series, currency=currency)
        if not offer.is_on_sale:
            return None
        rest = rest_for(offer, user=user, country=here.country)
        if rest.price is not None or (rest.books and not rest.parts):
            return rest
        unpriced = unpriced or (rest if rest.parts else None)
    return unpriced


def _works(series: Iterable[int], currency: str) -> QuerySet[Work]:
    return (
        books()
        .filter(series__in=list(series))
        .select_related("listing")
        .prefetch_related(
            Prefetch("prices", Price.objects.at(clock.now()).filter(currency=currency), "series_prices"),
            Prefetch("editions", Edition.objects.on_sale(), "series_editions"),
        )
        .order_by(F("series_number").asc(nulls_last=True), "pk")
    )


def _least(currency: str, at: datetime) -> int:
    """Return the lowest price at which a book sold alone still pays its author; 0 if nothing is known."""
    try:
        return terms.minimum_price(currency=currency, at=at).amount_minor
    except NoTermsInForce:
        return 0


def _parts(works: Sequence[Work], discount_bps: int, currency: str, least: int) -> tuple[BundlePart, ...]:
    found = [next(iter(work.series_prices), None) for work in works]  # type: ignore[attr-defined]  # from _works
    priced = [price for price in found if price is not None]
    listed = [price.now().minor for price in priced]
    # Where readers choose the price, the author asks for the minimum, and gets it here too.
    floors = [max(least, price.list_price_minor) if price.is_open else least for price in priced]
    shares = dict(zip((price.work_id for price in priced), divided(listed, floors, discount_bps), strict=True))
    return tuple(
        BundlePart(
            work=work,
            cover=cover_name(work),
            edition=next(iter(work.series_editions), None),  # type: ignore[attr-defined]  # from _works
            is_consented=True,  # all of them belong to the series' owner
            listed=None if price is None else Money(price.now().minor, currency),
            part=None if price is None else Money(shares[work.pk], currency),
            list_price=None if price is None else Money(price.usual_minor, currency),
            fixed=None if price is None else Money(price.now(is_fixed=True).minor, currency),
            fixed_in=work.fixed_in(clock.now().date()),
            promotion="" if price is None else price.now().promotion,
        )
        for work, price in zip(works, found, strict=True)
    )


def _sum(amounts: Iterable[Money | None]) -> Money | None:
    found = [amount for amount in amounts if amount is not None]
    return Money(sum(one.amount_minor for one in found), found[0].currency) if found else None


def _lowest(parts: Sequence[BundlePart], listed: Money) -> Money | None:
    """Return the lowest recent price, which the law requires when a reduced price is compared with another."""
    total = 0
    for part in parts:
        alone = part.listed.amount_minor if part.listed else 0
        listing = getattr(part.work, "listing", None)
        stored = listing.details.price_history.get(listed.currency, ()) if listing is not None else ()
        periods = price_selectors.all_promotions(listing, listed.currency) if listing is not None else ()
        lowest = price_selectors.lowest_in_30_days(stored, now=clock.now(), promotions=periods)
        total += alone if lowest is None else min(alone, lowest)
    return Money(total, listed.currency) if total < listed.amount_minor else None
