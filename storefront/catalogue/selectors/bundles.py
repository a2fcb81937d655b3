"""Bundles as they are offered: their works with what is on sale of each, and how the price divides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts import regions
from accounts.models import User
from common.errors import NotFound
from common.money import Money, allocate
from publishing.models import Edition, Price, Work
from storefront.catalogue.models import Bundle, BundlePrice, BundleState, BundleWork
from storefront.catalogue.selectors.cards import cover_name

_MOST_CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class BundlePart:
    """One work of a bundle. `part` is its share of the bundle's price, `listed` what it costs alone."""

    work: Work
    cover: str
    edition: Edition | None
    is_consented: bool
    listed: Money | None
    part: Money | None


def lacking(parts: Iterable[BundlePart], *, had: Collection[int], country: str) -> tuple[BundlePart, ...]:
    """What somebody in the country buys of several works: what they do not have (primary keys), and is sold there."""
    return tuple(part for part in parts if part.work.pk not in had and part.work.territory.is_sold_in(country))


@dataclass(frozen=True, slots=True)
class BundleOffer:
    """A bundle in one currency. `price` is None where it, or one of its works, has none in that currency."""

    bundle: Bundle
    parts: tuple[BundlePart, ...]
    currency: str
    price: Money | None

    @property
    def is_on_sale(self) -> bool:
        """On sale, with every work of it on sale and every owner still in it."""
        return self.bundle.state == BundleState.ON_SALE and all(
            part.is_consented and part.edition is not None for part in self.parts
        )

    @property
    def unpriced(self) -> list[str]:
        """The titles without a price in the currency. The bundle's is divided by all of them, so it has none either."""
        return [part.work.title for part in self.parts if part.listed is None]

    @property
    def listed(self) -> Money | None:
        """What the works cost one by one; None when one has no price."""
        if self.price is None:
            return None
        return Money(sum(part.listed.amount_minor for part in self.parts if part.listed), self.price.currency)


def offers_of(bundles: Sequence[Bundle], *, currency: str) -> dict[int, BundleOffer]:
    """The offers by bundle, in four queries however many there are; none for no bundles."""
    if not bundles:
        return {}
    ids = [bundle.pk for bundle in bundles]
    prices = dict(BundlePrice.objects.filter(bundle__in=ids, currency=currency).values_list("bundle_id", "price_minor"))
    rows: dict[int, list[BundleWork]] = defaultdict(list)
    for row in _works(ids, currency):
        rows[row.bundle_id].append(row)
    return {bundle.pk: _offer(bundle, rows[bundle.pk], prices.get(bundle.pk), currency) for bundle in bundles}


def offer_of(bundle: Bundle, *, currency: str) -> BundleOffer:
    """One bundle's offer."""
    return offers_of([bundle], currency=currency)[bundle.pk]


def shown_offer(bundle: Bundle) -> BundleOffer | None:
    """The offer as the public page shows it: in the first currency it has, in the region's order.

    Without a price where a book lacks one in all of them; None when a work of it is not on sale.
    """
    unpriced = None
    priced = set(bundle.prices.values_list("currency", flat=True))
    for currency in [one for one in regions.currencies() if one in priced]:
        offer = offer_of(bundle, currency=currency)
        if not offer.is_on_sale:
            return None
        if offer.price is not None:
            return offer
        if offer.unpriced:  # else there is nothing to be paid for
            unpriced = unpriced or offer
    return unpriced


def part_of(row: BundleWork) -> list[tuple[Money, Money]]:
    """For each price of the row's bundle: the work's part of it, and what the work costs alone."""
    found = []
    for currency in row.bundle.prices.values_list("currency", flat=True):
        offer = offer_of(row.bundle, currency=currency)
        mine = next((part for part in offer.parts if part.work.pk == row.work_id), None)
        if mine is not None and mine.part is not None and mine.listed is not None:
            found.append((mine.part, mine.listed))
    return found


def candidates(bundle: Bundle, *, user: User, query: str) -> list[Work]:
    """Works to put into the bundle: the person's own, or anybody's that hold every word of the query."""
    works = works_to_bundle().exclude(pk__in=bundle.works.values("work"))
    if not query:
        return list(works.filter(owner=user)[:_MOST_CANDIDATES])
    for word in query.split():
        works = works.filter(Q(title__icontains=word) | Q(listing__byline__icontains=word))
    return list(works[:_MOST_CANDIDATES])


def bundle_on_sale(slug: str) -> Bundle | None:
    """The bundle at a public address, or None."""
    return Bundle.objects.select_related("owner").filter(slug=slug, state=BundleState.ON_SALE).first()


def bundles_shown() -> QuerySet[Bundle]:
    """Those that lists show everybody: they can be bought, in one currency at least, and no book of them is for
    adults."""
    of_bundle = BundleWork.objects.filter(bundle=OuterRef("pk"))
    on_sale = Edition.objects.on_sale().filter(work=OuterRef("work"))
    barred = of_bundle.filter(~Exists(on_sale) | Q(consented_at=None) | Q(work__is_adult=True))
    its_price = Price.objects.filter(work=OuterRef("work"), currency=OuterRef(OuterRef("currency")))
    unpriced = BundleWork.objects.filter(~Exists(its_price), bundle=OuterRef("bundle"))
    priced = BundlePrice.objects.filter(~Exists(unpriced), bundle=OuterRef("pk"))
    return Bundle.objects.filter(~Exists(barred), Exists(of_bundle), Exists(priced), state=BundleState.ON_SALE)


def bundles_with(work_id: int) -> list[Bundle]:
    """Bundles on sale that hold the work."""
    return list(Bundle.objects.filter(state=BundleState.ON_SALE, works__work=work_id).order_by("title", "pk"))


def bundles_of(user: User) -> QuerySet[Bundle]:
    """Bundles the person put together, or that hold a work of theirs."""
    mine = Bundle.objects.filter(Q(owner=user) | Q(works__work__owner=user)).distinct()
    return mine.prefetch_related("works__work", "prices").order_by("-created_at", "-pk")


def bundle_of(*, user: User, bundle_id: str) -> Bundle:
    """A bundle the person put together. Raises NotFound also for other people's."""
    bundle = Bundle.objects.filter(public_id=bundle_id, owner=user).first()
    if bundle is None:
        raise NotFound
    return bundle


def awaiting_consent_of(user: User) -> QuerySet[BundleWork]:
    """Works of the person that somebody else wants to have in a bundle, unanswered."""
    waiting = BundleWork.objects.filter(work__owner=user, consented_at=None)
    return waiting.select_related("bundle__owner", "work").order_by("pk")


def works_to_bundle() -> QuerySet[Work]:
    """Works that may be put into a bundle: on sale."""
    return Work.objects.filter(editions__in=Edition.objects.on_sale()).select_related("listing").order_by("title", "pk")


def _works(ids: Iterable[int], currency: str) -> QuerySet[BundleWork]:
    rows = BundleWork.objects.filter(bundle__in=list(ids)).select_related("work__listing")
    return rows.prefetch_related(
        Prefetch("work__prices", Price.objects.filter(currency=currency), "bundle_prices"),
        Prefetch("work__editions", Edition.objects.on_sale(), "bundle_editions"),
    )


def _offer(bundle: Bundle, rows: Sequence[BundleWork], price_minor: int | None, currency: str) -> BundleOffer:
    listed = [_listed(row) for row in rows]
    shares: Sequence[int | None] = [None] * len(rows)
    weights = [amount for amount in listed if amount is not None]
    if price_minor is not None and len(weights) == len(rows) and any(weights):
        shares = allocate(price_minor, weights)
    else:
        price_minor = None
    parts = tuple(
        BundlePart(
            work=row.work,
            cover=cover_name(row.work),
            edition=next(iter(row.work.bundle_editions), None),  # type: ignore[attr-defined]  # from _works
            is_consented=row.consented_at is not None,
            listed=None if alone is None else Money(alone, currency),
            part=None if share is None else Money(share, currency),
        )
        for row, alone, share in zip(rows, listed, shares, strict=True)
    )
    return BundleOffer(bundle, parts, currency, None if price_minor is None else Money(price_minor, currency))


def _listed(row: BundleWork) -> int | None:
    """What the work costs alone: an open price counts with what is usually asked."""
    prices: list[Price] = row.work.bundle_prices  # type: ignore[attr-defined]  # from _works
    return prices[0].usual_minor if prices else None
