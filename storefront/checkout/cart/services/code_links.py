"""What a coupon's link shows: its books with their prices before and after. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from common.money import Money
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import is_open, price_of
from storefront.checkout.coupons import selectors as coupon_selectors
from storefront.checkout.coupons.selectors import CouponablePrice
from storefront.checkout.errors import CouponNeedsAccount
from storefront.checkout.models import Coupon

_MAX_BOOKS = 24


@dataclass(frozen=True, slots=True)
class CodeBook:
    """A book with its price now and with the code, which are equal where the code does not lower it."""

    listing: Listing
    price: Money
    reduced: Money
    is_fixed: bool  # the law of the reader's country fixes its price


@dataclass(frozen=True, slots=True)
class CodePage:
    """`problem` is why the code cannot be used now. A code that needs an account is shown: it applies after logging
    in."""

    coupon: Coupon
    discount: str
    books: Sequence[CodeBook]
    problem: str
    needs_account: bool


def code_page(code: str, *, user: User | None, country: str, at: datetime) -> CodePage | None:
    """Return the page of a code for a reader in the country ("" while it is not known); None if there is none."""
    coupon = coupon_selectors.coupon_by_code(code)
    if coupon is None:
        return None
    found = coupon_selectors.problem_of(coupon, user=user, at=at)
    needs_account = isinstance(found, CouponNeedsAccount)
    (row,) = coupon_selectors.coupon_rows([coupon], at=at)
    return CodePage(
        coupon=coupon,
        discount=row.discount,
        books=_books(coupon, country),
        problem=found.text if found is not None and not needs_account else "",
        needs_account=needs_account,
    )


def _books(coupon: Coupon, country: str) -> list[CodeBook]:
    listings = Listing.objects.on_sale().filter(work__in=coupon_selectors.works_of(coupon)).order_by("title", "pk")
    books = []
    for listing in listings[:_MAX_BOOKS]:
        price = price_of(listing)
        if price is None or not listing.details.territory.is_sold_in(country):
            continue
        is_fixed = bool(country) and country in listing.fixed_in.split()
        asked = listing.details.suggested.get(price.currency) if is_open(price, listing.open_in) else None
        price = price if asked is None else Money(asked, price.currency)
        (off,) = coupon_selectors.reductions(coupon, [CouponablePrice(listing.work_id, price, is_fixed)])
        books.append(CodeBook(listing, price, price - Money(off, price.currency), is_fixed))
    return books
