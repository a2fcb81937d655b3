"""A series to be completed: all its books on sale at one discount, of which a reader pays for those they lack.

To the cart it is a bundle that the shop puts together: the whole series at its price, divided by what the books cost
one by one, and what somebody has already is left out with its part.
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

_LEAST_BOOKS = 2


def divided(listed: Sequence[int], floors: Sequence[int], discount_bps: int) -> list[int]:
    """What each book costs when all are bought: the discounted whole by list price, none below its floor.

    A floor above the list price counts as the list price: nothing ever costs more than alone.
    """
    whole = sum(listed)
    if not whole:
        return [0] * len(listed)
    parts = allocate(whole - apply_bps(whole, discount_bps), listed)
    return [max(part, min(floor, alone)) for part, floor, alone in zip(parts, floors, listed, strict=True)]


@dataclass(frozen=True, slots=True)
class Rest:
    """What one reader lacks. `had` of `books` are theirs, the others are the rest; `listed` is that one by one.

    `lowest` is the least that the rest has cost one by one in the last thirty days, where that is known and less.
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
        """The titles without a price in the currency. Part of a series completes nothing: they hold back the others."""
        return [part.work.title for part in self.parts if part.listed is None]

    @property
    def is_reduced(self) -> bool:
        return self.price is not None and self.listed is not None and self.price.amount_minor < self.listed.amount_minor


@dataclass(frozen=True, slots=True)
class SeriesOffer:
    """The whole series in one currency, in its order. Parts without a price there have none."""

    series: Series
    parts: tuple[BundlePart, ...]
    currency: str

    @property
    def is_on_sale(self) -> bool:
        return self.series.completing_bps > 0 and len(self.parts) >= _LEAST_BOOKS

    @property
    def price(self) -> Money | None:
        """Of all that has one; None when nothing has."""
        parts = [part.part.amount_minor for part in self.parts if part.part is not None]
        return Money(sum(parts), self.currency) if parts else None

    def rest(self, *, had: Collection[int], country: str = "", elsewhere: Collection[int] = ()) -> Rest:
        """For a reader who has these works (primary keys). What is bought `elsewhere` in the cart is left out."""
        lacking = bundle_selectors.lacking(self.parts, had={*had, *elsewhere}, country=country)
        is_priced = bool(lacking) and all(part.part is not None for part in lacking)
        listed = Money(sum(part.listed.amount_minor for part in lacking if part.listed), self.currency)
        theirs = sum(part.work.pk in had for part in self.parts)
        return Rest(
            parts=lacking,
            books=theirs + len(lacking),
            had=theirs,
            currency=self.currency,
            price=_sum(part.part for part in lacking) if is_priced else None,
            listed=listed if is_priced else None,
            lowest=_lowest(lacking, listed) if is_priced else None,
        )


def books() -> QuerySet[Work]:
    """Every book that is bought by completing its series: the series' owner's, and on sale now. What is only announced
    is no part of it: it is paid for, and refunded, in another way."""
    return Work.objects.filter(series__owner=F("owner"), editions__in=Edition.objects.on_sale())


def series_of(slug: str) -> Series | None:
    """The series at a public address, when its owner offers to complete it."""
    return Series.objects.filter(slug=slug, completing_bps__gt=0).first()


def offers_of(series: Sequence[Series], *, currency: str, at: datetime | None = None) -> dict[int, SeriesOffer]:
    """The offers by series, in a fixed number of queries however many there are; none for no series."""
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


def rest_for(offer: SeriesOffer, *, user: User | None, country: str) -> Rest:
    """What the person lacks of it; everything, for somebody who is not signed in."""
    works = [part.work.pk for part in offer.parts]
    return offer.rest(had=permissions.readable_works(user, works) if user is not None else set(), country=country)


def shown_rest(series: Series, *, user: User | None) -> Rest | None:
    """The same as pages show it: for the region's country, in the first currency of its order that has a price of
    everything; None without an offer.

    Where the person has everything nothing is left, and there is no price. There is none either where a book lacks one
    in every currency: then it is the rest in the region's, which says which.
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
            Prefetch("prices", Price.objects.filter(currency=currency), "series_prices"),
            Prefetch("editions", Edition.objects.on_sale(), "series_editions"),
        )
        .order_by(F("series_number").asc(nulls_last=True), "pk")
    )


def _least(currency: str, at: datetime) -> int:
    """The lowest price that pays its author when a book is sold alone; 0 where nothing is known."""
    try:
        return terms.minimum_price(currency=currency, at=at).amount_minor
    except NoTermsInForce:
        return 0


def _parts(works: Sequence[Work], discount_bps: int, currency: str, least: int) -> tuple[BundlePart, ...]:
    found = [next(iter(work.series_prices), None) for work in works]  # type: ignore[attr-defined]  # from _works
    priced = [price for price in found if price is not None]
    listed = [price.usual_minor for price in priced]
    # Where readers choose what they pay, the author asks for the least of it, and gets it here too.
    floors = [max(least, price.list_price_minor) if price.is_open else least for price in priced]
    shares = dict(zip((price.work_id for price in priced), divided(listed, floors, discount_bps), strict=True))
    return tuple(
        BundlePart(
            work=work,
            cover=cover_name(work),
            edition=next(iter(work.series_editions), None),  # type: ignore[attr-defined]  # from _works
            is_consented=True,  # all of them are the owner's of the series
            listed=None if price is None else Money(price.usual_minor, currency),
            part=None if price is None else Money(shares[work.pk], currency),
        )
        for work, price in zip(works, found, strict=True)
    )


def _sum(amounts: Iterable[Money | None]) -> Money | None:
    found = [amount for amount in amounts if amount is not None]
    return Money(sum(one.amount_minor for one in found), found[0].currency) if found else None


def _lowest(parts: Sequence[BundlePart], listed: Money) -> Money | None:
    """What the law asks who compares prices to know."""
    total = 0
    for part in parts:
        alone = part.listed.amount_minor if part.listed else 0
        listing = getattr(part.work, "listing", None)
        stored = listing.details.price_history.get(listed.currency, ()) if listing is not None else ()
        lowest = price_selectors.lowest_lately(stored, now=clock.now())
        total += alone if lowest is None else min(alone, lowest)
    return Money(total, listed.currency) if total < listed.amount_minor else None
