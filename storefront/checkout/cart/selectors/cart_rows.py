"""The lines of a cart with what is currently sold for them, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from accounts.models import User
from common import clock
from publishing.models import Edition, EditionState, Price, Series, Work
from publishing.territories import WORLD, Territory
from storefront.catalogue.models import Bundle
from storefront.checkout import permissions
from storefront.checkout.models import Cart, CartLine

_SOLD = ("edition__work__listing", "edition__work__series", "series", "bundle")


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of a cart. Fields about a work are 0, None or empty if the line is a bundle or series.

    `is_had` and `is_ordered_ahead` say whether the person already owns or has pre-ordered it; a gift may be one more
    copy. `edition` is what is on sale now, `price` its price in the cart's currency, `fixed_in` the
    countries whose law fixes it; `series` is the series to
    complete, or the one the work belongs to.
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
    is_watermarked: bool = False
    cover: Mapping[str, str] | None = None
    edition: Edition | None = None
    price: Price | None = None
    fixed_in: tuple[str, ...] = ()
    series: Series | None = None
    bundle: Bundle | None = None


type CartRows = tuple[Cart, list[LineRow]]


def of_cart(cart: Cart) -> CartRows | None:
    """Return the cart as currently stored, with its lines in the order they were added; None if it no longer exists."""
    return _read(Q(pk=cart.pk))


def of_person(user: User) -> CartRows | None:
    """Return the person's cart."""
    return _read(Q(user=user))


def of_visitor(cart_id: str) -> CartRows | None:
    """Return the cart that a session names, which is never a person's. Visitors who bought without an account keep
    their cart, which then belongs to a guest."""
    return _read(Q(public_id=cart_id) & (Q(user=None) | Q(user__is_guest=True)))


def of_book(edition: Edition, *, currency: str, chosen_minor: int | None) -> CartRows:
    """Return a cart that is not stored with one line, the edition's work: it is bought without a cart."""
    cart = Cart(currency=currency)
    return cart, [_row(CartLine(edition=edition, chosen_minor=chosen_minor), _Sold(cart, [edition.work]))]


def _read(which: Q) -> CartRows | None:
    cart = Cart.objects.filter(which).select_related("user__guest").first()
    if cart is None:
        return None
    lines = list(cart.lines.select_related(*_SOLD).order_by("added_at", "pk"))
    sold = _Sold(cart, [line.edition.work for line in lines if line.edition is not None])
    return cart, [_row(line, sold) for line in lines]


class _Sold:
    """What is on sale of these works, at what price, and which of them the cart's person already has. Nothing counts
    as had for a guest: they may buy the same book again in their browser with another email address."""

    def __init__(self, cart: Cart, works: list[Work]) -> None:
        person = cart.user if cart.user is not None and not cart.user.is_guest else None
        keys = [work.pk for work in works]
        announced = [work.pk for work in works if work.release_date is not None]
        published = Edition.objects.filter(work__in=keys, state=EditionState.PUBLISHED) if keys else ()
        prices = Price.objects.at(clock.now()).filter(work__in=keys, currency=cart.currency) if keys else ()
        self.editions = {edition.work_id: edition for edition in published}
        self.prices = {price.work_id: price for price in prices}
        self.had = permissions.works_bought_or_made(person, keys) if person and keys else set()
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
        is_watermarked=work.is_watermarked,
        cover=listing.cover if listing is not None else None,
        edition=sold.editions.get(work.pk),
        price=sold.prices.get(work.pk),
        fixed_in=work.fixed_in(clock.now().date()),
        series=work.series,
    )
