"""Coupons, bundles, gifts and works to be ordered ahead, through the services."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db.models import Sum

from accounts.models import User
from common import clock
from publishing import services as publishing_services
from publishing.models import Edition, EditionState
from royalties.models import Posting
from storefront.catalogue.models import Bundle
from storefront.catalogue.services import bundles
from storefront.checkout.cart.selectors.carts import GiftWish
from storefront.checkout.cart.services import carts
from storefront.checkout.coupons import services as coupons
from storefront.checkout.coupons.services import CouponTerms
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import Coupon, Gift, Order
from storefront.checkout.orders.services import settlement
from tests.factories.accounts import make_author, make_finance, make_reader
from tests.factories.buying import make_book, open_page, pay_session, place_order
from tests.factories.publishing import make_edition, make_work

_numbers = count(1)
RELEASE = date(2027, 3, 3)


def coupon_terms(**overrides: Any) -> CouponTerms:
    values = {
        "code": f"CODE{next(_numbers)}",
        "percent_bps": 2000,
        "amounts": {},
        "begins_at": clock.now() - timedelta(days=1),
        "ends_at": None,
        "uses_limit": None,
        "uses_per_person": None,
        **overrides,
    }
    return CouponTerms(**values)


def make_author_coupon(author: User, *works: Any, **overrides: Any) -> Coupon:
    """20 % off the author's works, unless told otherwise."""
    return coupons.create_author_coupon(actor=author, terms=coupon_terms(**overrides), works=works, at=clock.now())


def make_platform_coupon(*works: Any, **overrides: Any) -> Coupon:
    terms = coupon_terms(**overrides)
    return coupons.create_platform_coupon(actor=make_finance(), terms=terms, works=works, at=clock.now())


def use_code(reader: User, coupon: Coupon) -> None:
    """Enter the code in the reader's cart, which has something in it."""
    carts.enter_code(actor=reader, cart=reader.cart, code=coupon.code, at=clock.now())
    reader.refresh_from_db()


def make_bundle(
    *editions: Edition,
    owner: User | None = None,
    price: int = 800,
    currency: str = "USD",
    on_sale: bool = True,
    title: str = "The Coast",
    description: str = "",
) -> Bundle:
    """A bundle of these works, every owner agreed."""
    owner = owner or editions[0].work.owner
    now = clock.now()
    bundle = bundles.create_bundle(actor=owner, title=title, description=description, at=now)
    bundles.change_bundle(actor=owner, bundle=bundle, title=title, description=description, prices={currency: price})
    works = [edition.work for edition in editions]
    bundles.set_works(actor=owner, bundle=bundle, works=works, at=now)
    for work in works:
        bundles.agree(actor=work.owner, bundle=bundle, work=work, at=now)
    return bundles.put_on_sale(actor=owner, bundle=bundle, at=now) if on_sale else bundle


def add_gift(reader: User, edition: Edition, *, currency: str = "USD", **wish: Any) -> None:
    values = {"recipient": "friend@example.org", "message": "For the train.", "deliver_on": None, **wish}
    carts.add_gift(
        actor=reader,
        cart_id="",
        edition_id=edition.public_id,
        currency=currency,
        wish=GiftWish(**values),
        at=clock.now(),
    )


def pay(order: Order) -> Order:
    """Pay an open order on the provider's page and settle it."""
    session_id = open_page(order)
    pay_session(session_id)
    settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    return order


def give(giver: User | None = None, edition: Edition | None = None, *, currency: str = "USD", **wish: Any) -> Gift:
    """A paid gift."""
    giver = giver or make_reader()
    add_gift(giver, edition or make_book(), currency=currency, **wish)
    order = pay(place_order(giver, currency=currency))
    return Gift.objects.select_related("line__order", "line__edition__work").get(line__order=order)


def token_of(gift: Gift) -> str:
    return gifts.link_of(gift).rstrip("/").rpartition("/")[2]


def make_awaited(*, owner: User | None = None, prices: dict[str, int] | None = None, day: date = RELEASE) -> Edition:
    """The ready draft of a work announced for a later day."""
    owner = owner or make_author()
    edition = make_edition(work=make_work(owner=owner, prices=prices))
    publishing_services.announce_release(actor=owner, work=edition.work, day=day, at=clock.now())
    edition.work.refresh_from_db()
    assert edition.state == EditionState.DRAFT
    return edition


def publish(edition: Edition) -> Edition:
    """Put the draft on sale, by its owner's hand."""
    return publishing_services.publish_edition(actor=edition.work.owner, edition=edition, at=clock.now())


def balances(currency: str = "USD") -> dict[str, int]:
    """What every ledger account has on its debit side (positive) or credit side, by kind; zeros left out."""
    rows = Posting.objects.filter(currency=currency).values_list("account__kind", "account__name")
    sums = rows.annotate(total=Sum("amount_minor"))
    found: dict[str, int] = {}
    for kind, name, total in sums:
        key = name if kind in {"tax", "deferred"} else kind
        found[key] = found.get(key, 0) + total
    return {key: total for key, total in found.items() if total}
