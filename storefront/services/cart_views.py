"""A cart as its page shows it: with what a coupon takes off, and what authors get where the price is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.countries import country_name
from accounts.models import User
from common.errors import DomainError
from common.money import Money
from royalties.errors import NoTermsInForce
from storefront.models import Cart, Coupon
from storefront.selectors import carts as cart_selectors
from storefront.selectors import coupons as coupon_selectors
from storefront.selectors.carts import CartItem, CartPage
from storefront.services import quotes
from storefront.services.carts import reducibles


@dataclass(frozen=True, slots=True)
class CartRow:
    """`taken_off` is the coupon's part, `net` what the author gets of an open price.

    `country` is the reader's by name, as far as it is known: the item may not be sold there, or `left_out` of it.
    """

    item: CartItem
    taken_off: Money | None
    net: Money | None
    country: str = ""
    is_barred: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def barred_in(self) -> str:
        """The country, when the item is not sold there."""
        return self.country if self.is_barred else ""


@dataclass(frozen=True, slots=True)
class CartView:
    """`coupon_problem` says why the coupon does nothing now, "" when it does."""

    page: CartPage
    rows: tuple[CartRow, ...]
    coupon: Coupon | None
    coupon_problem: str
    taken_off: Money
    total: Money


def cart_view(*, actor: User | None, cart: Cart, at: datetime, country: str = "") -> CartView:
    """Everything the cart's page shows, to a reader in the country ("" while it is not known)."""
    page = cart_selectors.cart_page(cart)
    coupon = cart.coupon
    problem = _problem(coupon, actor, at)
    reductions = [0] * len(page.items)
    if coupon is not None and not problem:
        reductions = coupon_selectors.reductions(coupon, reducibles(page))
    rows = tuple(
        CartRow(
            item,
            Money(off, page.currency) if off else None,
            _net(item, off, at),
            country_name(country) if country else "",
            not item.is_sold_in(country),
            tuple(item.left_out_in(country)) if item.is_sold_in(country) else (),
        )
        for item, off in zip(page.items, reductions, strict=True)
    )
    taken_off = Money(sum(reductions), page.currency)
    return CartView(page, rows, coupon, problem, taken_off, page.subtotal - taken_off)


def _problem(coupon: Coupon | None, actor: User | None, at: datetime) -> str:
    problem: DomainError | None = None
    if coupon is not None:
        problem = coupon_selectors.problem_of(coupon, user=actor, at=at)
    return problem.text if problem is not None else ""


def _net(item: CartItem, taken_off: int, at: datetime) -> Money | None:
    if item.least is None or item.price is None or item.edition is None:
        return None
    try:
        return quotes.author_net(edition=item.edition, amount=item.price - Money(taken_off, item.price.currency), at=at)
    except NoTermsInForce:
        return None
