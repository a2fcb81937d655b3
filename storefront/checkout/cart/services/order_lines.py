"""What the items of a cart are sold as: one line per work, in the cart's order. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from accounts.countries import country_name
from accounts.models import User
from common.money import Money
from publishing.models import Edition, Series
from storefront.catalogue.models import Bundle
from storefront.catalogue.selectors.bundles import BundlePart, parts_to_buy
from storefront.checkout import permissions
from storefront.checkout.cart.selectors.carts import CartItem, CartPage, GiftWish
from storefront.checkout.errors import (
    AlreadyBought,
    AlreadyOwned,
    AlreadyPreordered,
    GiftIsFree,
    NotForSaleIn,
    NotOnSale,
    NotPublishedYet,
    NotSoldIn,
    PartNotForSaleIn,
    PriceBelowMinimum,
    ReleaseDelayed,
)


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """One work at a price before coupon and tax."""

    edition: Edition
    work_id: int
    owner_id: int
    title: str
    price: Money
    list_price: Money  # the author's price for it alone
    gift: GiftWish | None = None
    release_date: date | None = None
    bundle: Bundle | None = None
    series: Series | None = None
    is_fixed: bool = False  # the law of the reader's country fixes its price
    promotion: str = ""  # public id of the promotion that makes the price
    is_watermarked: bool = False

    @property
    def is_reduced(self) -> bool:
        """Return whether it is part of a bundle or series, whose price is already reduced."""
        return self.bundle is not None or self.series is not None

    @property
    def is_closed_to_coupons(self) -> bool:
        return self.is_reduced or self.is_fixed


@dataclass(frozen=True, slots=True)
class Offers:
    """What is bought now, and why some of the cart's contents are `left` in it: no price in the currency."""

    lines: list[OfferedLine]
    left: list[NotForSaleIn]


@dataclass(frozen=True, slots=True)
class WantedParts:
    """What is bought of a bundle or series in the cart. `elsewhere` are the works (primary keys) that are bought on
    their own or with an earlier line; `problem` is why nothing is bought of it now."""

    parts: tuple[BundlePart, ...]
    elsewhere: frozenset[int]
    problem: NotForSaleIn | None

    @property
    def price(self) -> Money | None:
        """Return the price; None if nothing is bought."""
        prices = [part.part for part in self.parts if part.part is not None]
        if self.problem is not None or not prices:
            return None
        return Money(sum(price.amount_minor for price in prices), prices[0].currency)


def wanted(page: CartPage, *, had: set[int], country: str) -> dict[str, WantedParts]:
    """Return, by line, what is bought of bundles and series by a person in the country who has these works (primary
    keys). Left out are works that they have, that are in the cart twice, and that are not sold there."""
    seen = {item.work_id for item in page.items if item.together is None and item.gift is None}
    found: dict[str, WantedParts] = {}
    for item in page.items:
        if item.together is None or not item.is_on_sale:
            continue
        parts = parts_to_buy(item.together.parts, had=had | seen, country=country)
        problem = _without_price(item, parts, page.currency)
        found[item.line_id] = WantedParts(parts, frozenset(seen), problem)
        if problem is None:
            seen |= {part.work.pk for part in parts}
    return found


def offered(*, actor: User | None, page: CartPage, country: str = "") -> Offers:
    """Return the order lines for everything in the cart, for a reader in the country ("" while it is not known).

    Of a bundle, or a series to complete, these are the works that are `wanted`, each at its share of the price. If one
    of them has no price in the currency, the whole bundle or series stays in the cart and everything else is bought.
    Nothing is known about a visitor who never bought here (no actor). Raises NotOnSale, NotForSaleIn (for a bundle or
    series only if nothing else is bought), NotSoldIn, AlreadyOwned, AlreadyPreordered, PriceBelowMinimum,
    NotPublishedYet, GiftIsFree.
    """
    had = permissions.works_bought_or_made(actor, _works(page)) if actor is not None else set()
    awaited = [item.work_id for item in page.items if item.release_date is not None or item.is_ordered_ahead]
    ahead = permissions.preordered_works(actor, awaited) if actor is not None and awaited else set()
    together = wanted(page, had=had, country=country)
    lines: list[OfferedLine] = []
    left: list[NotForSaleIn] = []
    for item in page.items:
        if item.is_on_sale and not item.is_sold_in(country):
            raise NotSoldIn(title=item.title, country=country_name(country))
        if item.together is None:
            line = _single(actor, item, page.currency, had, ahead)
            lines.append(replace(line, is_fixed=item.is_fixed_in(country)))
            continue
        if item.line_id not in together:
            raise NotOnSale(title=item.title)
        found = together[item.line_id]
        if not found.parts:
            raise _nothing_left(actor, item, had | found.elsewhere, country)
        if found.problem is not None:
            left.append(found.problem)
            continue
        lines += [_part(item, part, page.currency, country) for part in found.parts]
    if left and not lines:
        raise left[0]
    return Offers(lines, left)


def _without_price(item: CartItem, parts: Sequence[BundlePart], currency: str) -> NotForSaleIn | None:
    """Return why a bundle or series, of which these `parts` are wanted, cannot be bought in the currency; None if it
    can."""
    titles = [part.work.title for part in parts if part.listed is None]
    if item.bundle is not None:  # its price is divided among all its books, whatever the reader has already
        titles = item.bundle.unpriced
    if titles:
        return PartNotForSaleIn(title=item.title, currency=currency, books=", ".join(titles))
    if any(part.part is None for part in parts):
        return NotForSaleIn(title=item.title, currency=currency)
    return None


def _works(page: CartPage) -> list[int]:
    bundled = [part.work.pk for item in page.items if item.together for part in item.together.parts]
    return [*(item.work_id for item in page.items if item.together is None), *bundled]


def _nothing_left(actor: User | None, item: CartItem, left_out: set[int], country: str) -> NotSoldIn | AlreadyOwned:
    """Return why nothing of a bundle or series can be bought: everything the person lacks is not sold in the
    country, or they lack nothing."""
    assert item.together is not None  # noqa: S101 - asked by the caller
    if all(part.work.pk in left_out for part in item.together.parts):
        return owned(actor, item.title)
    return NotSoldIn(title=item.title, country=country_name(country))


def owned(actor: User | None, title: str) -> AlreadyOwned:
    """Return the error that the person already has it: in a library, or through the link of an order without an
    account."""
    is_guest = actor is not None and actor.is_guest
    return AlreadyBought(title=title) if is_guest else AlreadyOwned(title=title)


def _single(actor: User | None, item: CartItem, currency: str, had: set[int], ahead: set[int]) -> OfferedLine:
    if item.gift is None and item.work_id in had:
        raise owned(actor, item.title)
    if item.gift is None and item.work_id in ahead:
        raise AlreadyPreordered(title=item.title)
    if item.edition is None:
        raise (ReleaseDelayed if item.is_late else NotOnSale)(title=item.title)
    if item.price is None:
        raise NotForSaleIn(title=item.title, currency=currency)
    if item.gift is not None:
        _check_gift(item)
    if item.least is not None and item.price.amount_minor < item.least.amount_minor:
        raise PriceBelowMinimum(title=item.title, least=item.least)
    return OfferedLine(
        edition=item.edition,
        work_id=item.work_id,
        owner_id=item.owner_id,
        title=item.title,
        price=item.price,
        # Where the reader chooses the price, the minimum is what the author asks.
        list_price=item.least or item.list_price or item.price,
        gift=item.gift,
        release_date=item.release_date,
        promotion=item.promotion,
        is_watermarked=item.is_watermarked,
    )


def _check_gift(item: CartItem) -> None:
    if item.release_date is not None:
        raise NotPublishedYet(title=item.title)
    if not item.price:
        raise GiftIsFree(title=item.title)


def _part(item: CartItem, part: BundlePart, currency: str, country: str) -> OfferedLine:
    if part.part is None or part.listed is None or part.edition is None:
        raise NotForSaleIn(title=item.title, currency=currency)
    work = part.work
    return OfferedLine(
        edition=part.edition,
        work_id=work.pk,
        owner_id=work.owner_id,
        title=work.title,
        price=part.part,
        list_price=part.list_price or part.listed,
        is_fixed=part.is_fixed_in(country),
        promotion=part.promotion,
        is_watermarked=work.is_watermarked,
        bundle=item.bundle.bundle if item.bundle is not None else None,
        series=item.series.series if item.series is not None else None,
    )
