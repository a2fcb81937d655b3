"""A cart as its page shows it: with the coupon's discount, and what authors get where the reader chooses the price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.countries import country_name
from accounts.models import User
from common.errors import DomainError
from common.money import Money
from publishing.models import Series
from royalties.errors import NoTermsInForce
from storefront.checkout import permissions
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.selectors import series_offer
from storefront.checkout.cart.selectors.carts import CartItem, CartPage, OpenCart
from storefront.checkout.cart.selectors.series_offer import SeriesRemainder
from storefront.checkout.cart.services import order_lines, quotes
from storefront.checkout.cart.services.carts import coupon_mismatch, reducibles
from storefront.checkout.cart.services.order_lines import WantedParts
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.checkout.errors import (
    AlreadyOwned,
    AlreadyPreordered,
    CouponNeedsAccount,
    CouponNotForThese,
    NotForSaleIn,
)
from storefront.checkout.models import Cart, Coupon

_REMOVE = gettext_lazy("Remove it from your cart to continue.")

# More would distract from the contents of the cart.
_MAX_COMPLETIONS = 3


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be bought. `stays`: it stays in the cart when the rest is bought."""

    text: str
    is_mild: bool = True
    stays: bool = False


@dataclass(frozen=True, slots=True)
class CartRow:
    """A row of the cart's page. `taken_off` is the discount on it, `net` what the author gets of an open price.

    `country` is the name of the reader's country, if known: the item, or the `left_out` part of it, may not be sold
    there. `theirs` says that the person already owns or has pre-ordered a single work.
    """

    item: CartItem
    currency: str  # the cart's
    taken_off: Money | None
    net: Money | None
    country: str = ""
    is_barred: bool = False
    left_out: tuple[str, ...] = ()
    wanted: WantedParts | None = None  # for a bundle or series: what checkout would sell
    rest: SeriesRemainder | None = None  # for a series to complete: what this reader lacks
    theirs: AlreadyOwned | AlreadyPreordered | None = None

    @property
    def unpriced(self) -> NotForSaleIn | None:
        """Return why a bundle or series stays in the cart when the rest of the cart is bought."""
        return self.wanted.problem if self.wanted is not None else None

    @property
    def had(self) -> tuple[str, ...]:
        """Return the titles left out of a bundle or series because the reader has them, or they are in the cart
        already."""
        if self.wanted is None or self.item.together is None:
            return ()
        bought = {part.work.pk for part in self.wanted.parts}
        titles = [part.work.title for part in self.item.together.parts if part.work.pk not in bought]
        return tuple(title for title in titles if title not in self.left_out)

    @property
    def barred_in(self) -> str:
        """Return the country's name if the item is not sold there."""
        return self.country if self.is_barred else ""

    @property
    def problem(self) -> RowProblem | None:
        """Return why it cannot be bought, apart from `barred_in`, with what to do about it."""
        if self.theirs is not None:
            return RowProblem(f"{self.theirs.text} {_REMOVE}", is_mild=False)
        if self.unpriced is not None and self.item.is_on_sale:
            return RowProblem(self.unpriced.text, is_mild=False, stays=True)
        mild = self._mild_problem()
        return RowProblem(mild) if mild else None

    def _mild_problem(self) -> str:
        if self.item.is_late:
            return _("The release date has passed, but this book is not out yet. Remove it to continue.")
        if not self.item.is_on_sale:
            return _("No longer on sale. Remove it to continue.")
        if self.wanted is not None and not self.wanted.parts and not self.is_barred:
            return _("You already own all of these books. Remove this to continue.")
        if self.wanted is None and self.item.price is None:
            return _("No price in %(currency)s. Choose another currency, or remove it.") % {"currency": self.currency}
        return ""

    @property
    def why_in_the_way(self) -> str:
        """Return why it is in the way, in a few words."""
        reasons = (
            (self.item.is_ordered_ahead, _("already pre-ordered")),
            (self.theirs is not None, _("you already own it")),
            (self.is_barred, _("not sold in %(country)s") % {"country": self.country}),
            (self.item.is_late, _("not out yet")),
            (not self.item.is_on_sale, _("no longer on sale")),
            (self.wanted is not None, _("you already own all of it")),
            (True, _("no price in %(currency)s") % {"currency": self.currency}),
        )
        return next(words for is_so, words in reasons if is_so)

    @property
    def is_in_the_way(self) -> bool:
        """Return whether the item must be removed before anything can be bought."""
        return self.is_barred or (not self.item.is_buyable and self.unpriced is None)

    @property
    def is_bought_now(self) -> bool:
        return self.item.is_buyable and not self.is_in_the_way and self.unpriced is None

    @property
    def can_be_kept(self) -> bool:
        """Return whether the item can be saved to a wish list."""
        is_single = self.item.edition is not None or self.item.is_late
        return is_single and self.item.gift is None and not self.item.is_theirs


@dataclass(frozen=True, slots=True)
class Completion:
    """A series of which a single book is in the cart, and what the reader lacks of it."""

    series: Series
    rest: SeriesRemainder


@dataclass(frozen=True, slots=True)
class CartView:
    """The cart's page. `problem` is why the coupon cannot be used, `idle` why it does not reduce anything in the
    cart; None if it does. `completions` are series that cost less together."""

    page: CartPage
    rows: tuple[CartRow, ...]
    coupon: Coupon | None
    problem: DomainError | None
    idle: CouponNotForThese | None
    taken_off: Money
    total: Money
    completions: tuple[Completion, ...]

    @property
    def coupon_problem(self) -> str:
        """Return the coupon's problem as text, "" if there is none."""
        return self.problem.text if self.problem is not None else ""

    @property
    def needs_account(self) -> bool:
        """Return whether the coupon would apply after logging in."""
        return isinstance(self.problem, CouponNeedsAccount)

    @property
    def is_buyable(self) -> bool:
        """Return whether there is something to buy, and nothing that must be removed first."""
        return any(row.item.is_buyable for row in self.rows) and all(
            row.item.is_buyable or row.unpriced is not None for row in self.rows
        )

    @property
    def has_open(self) -> bool:
        """Return whether the reader chooses the price of anything in the cart."""
        return any(row.item.least is not None and row.item.to_pay is not None for row in self.rows)

    @property
    def in_the_way(self) -> tuple[CartRow, ...]:
        """Return the rows that cannot be bought and block the rest."""
        return tuple(row for row in self.rows if row.is_in_the_way)

    @property
    def can_keep(self) -> bool:
        """Return whether any blocking row can be saved to a wish list."""
        return any(row.can_be_kept for row in self.in_the_way)

    @property
    def has_rest(self) -> bool:
        """Return whether anything can be bought once the blocking rows are removed."""
        return any(row.is_bought_now for row in self.rows)


def cart_view(*, actor: User | None, cart: Cart | OpenCart, at: datetime, country: str = "") -> CartView:
    """Return everything the cart's page shows to a reader in the country ("" while it is not known)."""
    found = cart_selectors.load_cart(cart)
    buyer = actor or cart_selectors.buyer_of(found.cart)
    page, together, rests = _as_bought(found.page.for_reader_in(country), buyer, country)
    coupon = found.cart.coupon
    problem = coupon_selectors.problem_of(coupon, user=buyer, at=at) if coupon is not None else None
    reductions, idle = [0] * len(page.items), None
    if coupon is not None and problem is None:
        reductions = coupon_selectors.reductions(coupon, reducibles(page, country))
        idle = None if any(reductions) else coupon_mismatch(coupon, page, country)
    rows = tuple(
        CartRow(
            item,
            page.currency,
            Money(off, page.currency) if off else None,
            _net(item, off, at),
            country_name(country) if country else "",
            item.is_on_sale and not item.is_theirs and not item.is_sold_in(country),
            tuple(item.left_out_in(country)) if item.is_sold_in(country) else (),
            together.get(item.line_id),
            rests.get(item.line_id),
            _theirs(item),
        )
        for item, off in zip(page.items, reductions, strict=True)
    )
    taken_off = Money(sum(reductions), page.currency)
    more = _completions(page, buyer, country)
    return CartView(page, rows, coupon, problem, idle, taken_off, page.subtotal - taken_off, more)


def _as_bought(
    page: CartPage, buyer: User | None, country: str
) -> tuple[CartPage, dict[str, WantedParts], dict[str, SeriesRemainder]]:
    """Return the page with bundles and series at the price that checkout would charge, plus what it would sell and
    the rest of a series, by line. Runs no queries for a cart without any."""
    works = [part.work.pk for item in page.items if item.together for part in item.together.parts]
    if not works:
        return page, {}, {}
    had = _had(page, works, buyer)
    together = order_lines.wanted(page, had=had, country=country)
    rests = {
        item.line_id: item.series.rest(had=had, country=country, elsewhere=together[item.line_id].elsewhere)
        for item in page.items
        if item.series is not None and item.line_id in together
    }
    items = tuple(
        replace(item, price=together[item.line_id].price) if item.line_id in together else item for item in page.items
    )
    total = sum(item.to_pay.amount_minor for item in items if item.to_pay is not None)
    return replace(page, items=items, subtotal=Money(total, page.currency)), together, rests


def _had(page: CartPage, works: Sequence[int], buyer: User | None) -> set[int]:
    """Return the works left out of bundles and series. If a guest has everything, the order is for another email
    address, as with single books: the offer is shown in full, and checkout asks."""
    had = permissions.works_bought_or_made(buyer, works) if buyer is not None else set()
    if buyer is not None and buyer.is_guest:
        wholes = [{part.work.pk for part in item.together.parts} for item in page.items if item.together]
        had = had.difference(*[whole for whole in wholes if whole <= had])
    return had


def _completions(page: CartPage, actor: User | None, country: str) -> tuple[Completion, ...]:
    """Return series that could be completed from the single books in the cart, where that is cheaper."""
    there = {item.series.series.pk for item in page.items if item.series is not None}
    named = {item.part_of.pk: item.part_of for item in page.items if item.part_of is not None and item.gift is None}
    series = [one for one in named.values() if one.completing_bps and one.pk not in there][:_MAX_COMPLETIONS]
    wholes = series_offer.offers_of(series, currency=page.currency)
    works = [part.work.pk for offer in wholes.values() for part in offer.parts]
    had = permissions.works_bought_or_made(actor, works) if actor is not None and works else set()
    found = []
    for one in series:
        rest = wholes[one.pk].rest(had=had, country=country) if wholes[one.pk].is_on_sale else None
        if rest is not None and rest.is_reduced:
            found.append(Completion(one, rest))
    return tuple(found)


def _theirs(item: CartItem) -> AlreadyOwned | AlreadyPreordered | None:
    if item.is_had:
        return AlreadyOwned(title=item.title)
    return AlreadyPreordered(title=item.title) if item.is_ordered_ahead else None


def _net(item: CartItem, taken_off: int, at: datetime) -> Money | None:
    if item.least is None or item.to_pay is None or item.edition is None:
        return None
    try:
        amount = item.to_pay - Money(taken_off, item.to_pay.currency)
        return quotes.author_net(edition=item.edition, amount=amount, at=at)
    except NoTermsInForce:
        return None
