"""Bundles as offered: their works, which editions are on sale, and how the price is divided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts import regions
from accounts.models import User
from common import clock
from common.errors import NotFound
from common.money import Money, allocate
from publishing.models import Edition, Price, Work
from storefront.catalogue.models import Bundle, BundlePrice, BundleState, BundleWork
from storefront.catalogue.selectors.cards import cover_name

_MAX_CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class BundlePart:
    """One work of a bundle. `part` is its share of the bundle's price, `listed` its price now when bought separately.

    `list_price` is what its author asks without a promotion. In the countries `fixed_in`, whose law fixes its price, it
    costs `fixed` and gets no share of a discount. `promotion` is the public id of the promotion that makes its price.
    """

    work: Work
    cover: str
    edition: Edition | None
    is_consented: bool
    listed: Money | None
    part: Money | None
    list_price: Money | None = None
    fixed: Money | None = None
    fixed_in: tuple[str, ...] = ()
    promotion: str = ""

    def is_fixed_in(self, country: str) -> bool:
        return country in self.fixed_in

    def for_reader_in(self, country: str) -> BundlePart:
        """Return the part at its price for readers in the country."""
        if self.part is None or not self.is_fixed_in(country):
            return self
        return replace(self, listed=self.fixed, part=self.fixed)


def parts_to_buy(parts: Iterable[BundlePart], *, had: Collection[int], country: str) -> tuple[BundlePart, ...]:
    """Return the parts that a reader in the country buys: those not owned (`had`, primary keys) and sold there."""
    return tuple(
        part.for_reader_in(country)
        for part in parts
        if part.work.pk not in had and part.work.territory.is_sold_in(country)
    )


@dataclass(frozen=True, slots=True)
class BundleOffer:
    """A bundle in one currency. `price` is None if the bundle or one of its works has no price in that currency."""

    bundle: Bundle
    parts: tuple[BundlePart, ...]
    currency: str
    price: Money | None

    @property
    def is_on_sale(self) -> bool:
        """Whether the bundle and all its works are on sale, with every owner's consent."""
        return self.bundle.state == BundleState.ON_SALE and all(
            part.is_consented and part.edition is not None for part in self.parts
        )

    @property
    def unpriced(self) -> list[str]:
        """The titles without a price in the currency, because of which the bundle has none either."""
        return [part.work.title for part in self.parts if part.listed is None]

    @property
    def listed(self) -> Money | None:
        """The sum of the works' separate prices; None if the bundle has no price."""
        if self.price is None:
            return None
        return Money(sum(part.listed.amount_minor for part in self.parts if part.listed), self.price.currency)


def offers_of(bundles: Sequence[Bundle], *, currency: str) -> dict[int, BundleOffer]:
    """Return the offers by bundle, in four queries however many there are; no query for no bundles."""
    if not bundles:
        return {}
    ids = [bundle.pk for bundle in bundles]
    prices = dict(BundlePrice.objects.filter(bundle__in=ids, currency=currency).values_list("bundle_id", "price_minor"))
    rows: dict[int, list[BundleWork]] = defaultdict(list)
    for row in _works(ids, currency):
        rows[row.bundle_id].append(row)
    return {bundle.pk: _offer(bundle, rows[bundle.pk], prices.get(bundle.pk), currency) for bundle in bundles}


def offer_of(bundle: Bundle, *, currency: str) -> BundleOffer:
    """Return one bundle's offer."""
    return offers_of([bundle], currency=currency)[bundle.pk]


def shown_offer(bundle: Bundle) -> BundleOffer | None:
    """Return the offer as the public page shows it: in the first currency it has, in the region's order.

    The offer has no price if a book has none in any of these currencies. Return None if one of its works is not on
    sale.
    """
    unpriced = None
    priced = set(bundle.prices.values_list("currency", flat=True))
    for currency in [one for one in regions.currencies() if one in priced]:
        offer = offer_of(bundle, currency=currency)
        if not offer.is_on_sale:
            return None
        if offer.price is not None:
            return offer
        if offer.unpriced:  # otherwise all its works are free
            unpriced = unpriced or offer
    return unpriced


def part_of(row: BundleWork) -> list[tuple[Money, Money]]:
    """Return the work's share of the bundle's price and its separate price, for each currency of the bundle."""
    found = []
    for currency in row.bundle.prices.values_list("currency", flat=True):
        offer = offer_of(row.bundle, currency=currency)
        mine = next((part for part in offer.parts if part.work.pk == row.work_id), None)
        if mine is not None and mine.part is not None and mine.listed is not None:
            found.append((mine.part, mine.listed))
    return found


def candidates(bundle: Bundle, *, user: User, query: str) -> list[Work]:
    """Return works to add to the bundle: the user's own, or anybody's that match every word of the query."""
    works = works_to_bundle().exclude(pk__in=bundle.works.values("work"))
    if not query:
        return list(works.filter(owner=user)[:_MAX_CANDIDATES])
    for word in query.split():
        works = works.filter(Q(title__icontains=word) | Q(listing__byline__icontains=word))
    return list(works[:_MAX_CANDIDATES])


def bundle_on_sale(slug: str) -> Bundle | None:
    """Return the bundle on sale with this slug, or None."""
    return Bundle.objects.select_related("owner").filter(slug=slug, state=BundleState.ON_SALE).first()


def public_bundles() -> QuerySet[Bundle]:
    """Return the bundles shown in public lists: available in at least one currency, and without books for adults."""
    of_bundle = BundleWork.objects.filter(bundle=OuterRef("pk"))
    on_sale = Edition.objects.on_sale().filter(work=OuterRef("work"))
    barred = of_bundle.filter(~Exists(on_sale) | Q(consented_at=None) | Q(work__is_adult=True))
    its_price = Price.objects.filter(work=OuterRef("work"), currency=OuterRef(OuterRef("currency")))
    unpriced = BundleWork.objects.filter(~Exists(its_price), bundle=OuterRef("bundle"))
    priced = BundlePrice.objects.filter(~Exists(unpriced), bundle=OuterRef("pk"))
    return Bundle.objects.filter(~Exists(barred), Exists(of_bundle), Exists(priced), state=BundleState.ON_SALE)


def bundles_with(work_id: int) -> list[Bundle]:
    """Return the bundles on sale that include the work."""
    return list(Bundle.objects.filter(state=BundleState.ON_SALE, works__work=work_id).order_by("title", "pk"))


def bundles_of(user: User) -> QuerySet[Bundle]:
    """Return the bundles that the user created, or that include one of their works."""
    mine = Bundle.objects.filter(Q(owner=user) | Q(works__work__owner=user)).distinct()
    return mine.prefetch_related("works__work", "prices").order_by("-created_at", "-pk")


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle in an author's list. `removable` are their works in a bundle of somebody else."""

    bundle: Bundle
    is_theirs: bool
    removable: tuple[Work, ...]


def bundle_rows(user: User) -> list[BundleRow]:
    """Return the author's list of bundles."""
    return [_row(bundle, user) for bundle in bundles_of(user)]


def _row(bundle: Bundle, user: User) -> BundleRow:
    is_theirs = bundle.owner_id == user.pk
    agreed = (row.work for row in bundle.works.all() if row.work.owner_id == user.pk and row.consented_at is not None)
    return BundleRow(bundle, is_theirs, () if is_theirs else tuple(agreed))


def bundle_of(*, user: User, bundle_id: str) -> Bundle:
    """Return a bundle that the user created. Raises NotFound, also for other people's bundles."""
    bundle = Bundle.objects.filter(public_id=bundle_id, owner=user).first()
    if bundle is None:
        raise NotFound
    return bundle


def awaiting_consent_of(user: User) -> QuerySet[BundleWork]:
    """Return requests by others to include one of the user's works in a bundle, still unanswered."""
    waiting = BundleWork.objects.filter(work__owner=user, consented_at=None)
    return waiting.select_related("bundle__owner", "work").order_by("pk")


def works_to_bundle() -> QuerySet[Work]:
    """Return the works that can be added to a bundle: those on sale."""
    return Work.objects.filter(editions__in=Edition.objects.on_sale()).select_related("listing").order_by("title", "pk")


def _works(ids: Iterable[int], currency: str) -> QuerySet[BundleWork]:
    rows = BundleWork.objects.filter(bundle__in=list(ids)).select_related("work__listing")
    return rows.prefetch_related(
        Prefetch("work__prices", Price.objects.at(clock.now()).filter(currency=currency), "bundle_prices"),
        Prefetch("work__editions", Edition.objects.on_sale(), "bundle_editions"),
    )


def _offer(bundle: Bundle, rows: Sequence[BundleWork], price_minor: int | None, currency: str) -> BundleOffer:
    found = [_price(row) for row in rows]
    priced = [price for price in found if price is not None]
    shares: dict[int, int] = {}
    # Divided by list price: a book whose day is free is still worth its share. In a promotion, it costs no more than
    # on its own.
    if price_minor is not None and len(priced) == len(rows) and any(price.usual_minor for price in priced):
        divided = allocate(price_minor, [price.usual_minor for price in priced])
        shares = {price.work_id: _share(price, share) for price, share in zip(priced, divided, strict=True)}
    parts = tuple(_part(row, price, shares, currency) for row, price in zip(rows, found, strict=True))
    return BundleOffer(bundle, parts, currency, Money(sum(shares.values()), currency) if shares else None)


def _share(price: Price, share: int) -> int:
    now = price.now()
    return min(share, now.minor) if now.promotion else share


def _part(row: BundleWork, price: Price | None, shares: Mapping[int, int], currency: str) -> BundlePart:
    share = shares.get(row.work_id)
    return BundlePart(
        work=row.work,
        cover=cover_name(row.work),
        edition=next(iter(row.work.bundle_editions), None),  # type: ignore[attr-defined]  # from _works
        is_consented=row.consented_at is not None,
        listed=None if price is None else Money(price.now().minor, currency),
        part=None if share is None else Money(share, currency),
        list_price=None if price is None else Money(price.usual_minor, currency),
        fixed=None if price is None else Money(price.now(is_fixed=True).minor, currency),
        fixed_in=row.work.fixed_in(clock.now().date()),
    )


def _price(row: BundleWork) -> Price | None:
    """Return the work's separate price; an open price counts with its suggested amount."""
    prices: list[Price] = row.work.bundle_prices  # type: ignore[attr-defined]  # from _works
    return prices[0] if prices else None
