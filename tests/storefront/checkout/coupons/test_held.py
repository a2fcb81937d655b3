"""A code that is good so many times cannot be kept from others by opening checkouts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from payments.stripe.sandbox import payment_page
from payments.stripe.sandbox.cards import CARDS
from publishing.models import Edition
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.coupons import services as coupons
from storefront.checkout.errors import CouponUsedUp
from storefront.checkout.guests.services import guests
from storefront.checkout.models import Coupon, CouponRedemption, Order, OrderState, RedemptionState
from storefront.checkout.orders.services import checkout, settlement
from storefront.checkout.orders.services.buyer_traces import Origin
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import fill_cart, make_book, open_page, pay_session
from tests.factories.guests import visitor_cart
from tests.factories.offers import make_author_coupon, use_code

pytestmark = pytest.mark.django_db

HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def book() -> Edition:
    return make_book()


@pytest.fixture
def coupon(book: Edition) -> Coupon:
    return make_author_coupon(book.work.owner, uses_limit=2)


def open_checkout(book: Edition, coupon: Coupon, number: int, *, address: str = HOME, browser: str = "") -> Order:
    """Somebody without an account, each time under a fresh address, goes on to paying."""
    cart = visitor_cart(book)
    carts.enter_code(actor=None, cart=cart, code=coupon.code, at=clock.now())
    found = cart_selectors.cart_of(user=None, cart_id=cart.public_id)
    assert found is not None
    offer = quotes.quote_cart(actor=None, cart=found, country="US", at=clock.now())
    return guests.place_order(
        cart=found,
        email=f"fresh-{number}@example.org",
        country="US",
        digest=offer.digest,
        has_consented=True,
        at=clock.now(),
        origin=Origin(address, browser),
    )


def claimed(coupon: Coupon) -> int:
    coupon.refresh_from_db()
    return coupon.claimed


def pay(order: Order, *, card: str = "us") -> OrderState:
    session_id = open_page(order)
    pay_session(session_id, card=card)
    settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    return OrderState(order.state)


class TestHeld:
    def test_one_network_holds_one_use(self, book: Edition, coupon: Coupon) -> None:
        for n in range(5):
            open_checkout(book, coupon, n)
            assert claimed(coupon) == 1
        open_checkout(book, coupon, 9, address=ELSEWHERE)
        assert claimed(coupon) == 2

    def test_one_browser_holds_one_use(self, book: Edition, coupon: Coupon) -> None:
        for n in range(3):
            open_checkout(book, coupon, n, address=f"198.51.100.{n}", browser="the same")
        assert claimed(coupon) == 1

    def test_others_elsewhere_take_the_rest_and_no_more(self, book: Edition, coupon: Coupon) -> None:
        open_checkout(book, coupon, 1, address="198.51.100.1")
        open_checkout(book, coupon, 2, address="198.51.100.2")
        with pytest.raises(CouponUsedUp):
            open_checkout(book, coupon, 3, address="198.51.100.3")

    def test_through_the_pages(self, book: Edition, coupon: Coupon) -> None:
        for n in range(3):
            client = Client(REMOTE_ADDR=HOME)
            headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
            client.post("/cart/add/", {"edition": book.public_id}, headers=headers)
            client.post("/cart/code/", {"code": coupon.code})
            page = client.get("/checkout/?country=US").context
            form = {"country": "US", "shown_country": "US", "digest": page["quote"].digest, "consent": "on"}
            client.post("/checkout/", form | {"needs_consent": "True", "email": f"fresh-{n}@example.org"})
        assert Order.objects.filter(state=OrderState.OPEN).count() == 3
        assert claimed(coupon) == 1

    def test_a_use_is_given_up_after_a_quarter_of_an_hour(self, book: Edition, coupon: Coupon) -> None:
        open_checkout(book, coupon, 1)
        coupons.release_lapsed(at=clock.now() + timedelta(minutes=14))
        assert claimed(coupon) == 1
        coupons.release_lapsed(at=clock.now() + timedelta(minutes=16))
        assert claimed(coupon) == 0

    def test_a_code_without_a_limit_is_held_until_the_order_ends(self, book: Edition) -> None:
        free = make_author_coupon(book.work.owner)
        for n in range(3):
            open_checkout(book, free, n)
        coupons.release_lapsed(at=clock.now() + timedelta(hours=1))
        assert CouponRedemption.objects.filter(state=RedemptionState.RESERVED).count() == 3


class TestPaidLater:
    def test_a_schoolmate_whose_use_was_given_up_gets_it_while_one_is_left(self, book: Edition, coupon: Coupon) -> None:
        first, second = open_checkout(book, coupon, 1), open_checkout(book, coupon, 2)
        assert [pay(first), pay(second)] == [OrderState.PAID, OrderState.PAID]
        assert claimed(coupon) == 2
        used = CouponRedemption.objects.filter(state=RedemptionState.CONSUMED)
        assert used.count() == 2

    def test_or_their_money_back_and_the_limit_holds(self, book: Edition, coupon: Coupon) -> None:
        first = open_checkout(book, coupon, 1)
        coupons.release_lapsed(at=clock.now() + timedelta(minutes=16))
        for n in (2, 3):
            assert pay(open_checkout(book, coupon, n, address=f"198.51.100.{n}")) == OrderState.PAID
        assert pay(first) == OrderState.CANCELED
        assert claimed(coupon) == 2

    def test_a_bank_that_takes_its_time_takes_no_use_away(self, book: Edition, coupon: Coupon) -> None:
        order = open_checkout(book, coupon, 1)
        session_id = open_page(order)
        payment_page.pay(session_id=session_id, card=CARDS["debit"], country="US")
        settlement.settle_session(session_id=session_id)
        coupons.release_lapsed(at=clock.now() + timedelta(days=1))
        open_checkout(book, coupon, 2)
        assert claimed(coupon) == 2

    def test_nor_one_that_began_to_take_it_while_uses_were_given_up(
        self, book: Edition, coupon: Coupon, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = open_checkout(book, coupon, 1)
        held = CouponRedemption.objects.filter(held_until__lt=clock.now() + timedelta(days=1))
        rows = list(held)
        coupons.keep(order=order)
        monkeypatch.setattr(held, "order_by", lambda *fields: rows, raising=False)
        coupons._give_up(held)
        assert claimed(coupon) == 1

    def test_a_used_one_is_not_given_back_by_the_next_checkout(self, book: Edition, coupon: Coupon) -> None:
        assert pay(open_checkout(book, coupon, 1)) == OrderState.PAID
        open_checkout(book, coupon, 2)
        assert claimed(coupon) == 2


def test_a_person_holds_one_use(book: Edition) -> None:
    coupon = make_author_coupon(make_author(), uses_limit=5)
    books = [make_book(owner=coupon.owner) for _ in range(3)]
    reader = make_reader()
    for one in books:
        fill_cart(reader, one)
        use_code(reader, coupon)
        cart = cart_selectors.cart_of(user=reader, cart_id="")
        offer = quotes.quote_cart(actor=reader, cart=cart, country="US", at=clock.now())
        checkout.place_order(actor=reader, country="US", digest=offer.digest, has_consented=True, at=clock.now())
    assert claimed(coupon) == 1
