"""The lines of a cart with what is sold for them now, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from accounts.models import User
from publishing.models import Edition, EditionState, Price, Series, Work
from publishing.territories import WORLD, Territory
from storefront.catalogue.models import Bundle
from storefront.checkout import permissions
from storefront.checkout.models import Cart, CartLine

_SOLD = ("edition__work__listing", "edition__work__series", "series", "bundle")


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a cart. What is said of a work is 0, None or empty where the line is several works together.

    `is_had` and `is_ordered_ahead` say what a person has already; a gift may be one more. `edition` is what is on sale
    now, `price` that in the cart's currency; `series` what is to be completed, or what the work is part of.
    """

    line_id: str
    chosen_minor: int | None
    gift_to: str
    gift_message: str
    gift_on: date | None
    bundle_id: int | None
    series_id: int | None
    is_had: bool = False
    is_ordered_ahead: bool = False
    work_id: int = 0
    owner_id: int = 0
    title: str = ""
    slug: str = ""
    release_date: date | None = None
    territory: Territory = WORLD
    cover: Mapping[str, str] | None = None
    edition: Edition | None = None
    price: Price | None = None
    series: Series | None = None
    bundle: Bundle | None = None


type CartRows = tuple[Cart, list[LineRow]]


def of_cart(cart: Cart) -> CartRows | None:
    """The cart as it is now stored, and its lines in the order they were put in; None when it is gone."""
    return _read(Q(pk=cart.pk))


def of_person(user: User) -> CartRows | None:
    """The person's cart."""
    return _read(Q(user=user))


def of_visitor(cart_id: str) -> CartRows | None:
    """The cart that a session names, which never is a person's. A visitor who bought without an account keeps theirs,
    which is a guest's then."""
    return _read(Q(public_id=cart_id) & (Q(user=None) | Q(user__is_guest=True)))


def _read(which: Q) -> CartRows | None:
    cart = Cart.objects.filter(which).select_related("user__guest").first()
    if cart is None:
        return None
    lines = list(cart.lines.select_related(*_SOLD).order_by("added_at", "pk"))
    sold = _Sold(cart, [line.edition.work for line in lines if line.edition is not None])
    return cart, [_row(line, sold) for line in lines]


class _Sold:
    """What of these works is on sale, what it costs, and what the cart's person has of them already. Of a guest nothing
    is said: what they have bought may be bought in their browser under another address."""

    def __init__(self, cart: Cart, works: list[Work]) -> None:
        person = cart.user if cart.user is not None and not cart.user.is_guest else None
        keys = [work.pk for work in works]
        announced = [work.pk for work in works if work.release_date is not None]
        published = Edition.objects.filter(work__in=keys, state=EditionState.PUBLISHED) if keys else ()
        prices = Price.objects.filter(work__in=keys, currency=cart.currency) if keys else ()
        self.editions = {edition.work_id: edition for edition in published}
        self.prices = {price.work_id: price for price in prices}
        self.had = permissions.readable_works(person, keys) if person and keys else set()
        self.ordered_ahead = permissions.preordered_works(person, announced) if person and announced else set()


def _row(line: CartLine, sold: _Sold) -> LineRow:
    several = LineRow(
        line_id=line.public_id,
        chosen_minor=line.chosen_minor,
        gift_to=line.gift_to,
        gift_message=line.gift_message,
        gift_on=line.gift_on,
        bundle_id=line.bundle_id,
        series_id=line.series_id,
        series=line.series,
        bundle=line.bundle,
    )
    return several if line.edition is None else _of_work(several, line.edition.work, sold)


def _of_work(row: LineRow, work: Work, sold: _Sold) -> LineRow:
    listing = getattr(work, "listing", None)
    return replace(
        row,
        is_had=work.pk in sold.had,
        is_ordered_ahead=work.pk in sold.ordered_ahead,
        work_id=work.pk,
        owner_id=work.owner_id,
        title=work.title,
        slug=work.slug,
        release_date=work.release_date,
        territory=work.territory,
        cover=listing.cover if listing is not None else None,
        edition=sold.editions.get(work.pk),
        price=sold.prices.get(work.pk),
        series=work.series,
    )
