"""Visitors and claimants at once, on connections of their own; and what happened if the locks were not there."""

from __future__ import annotations

import threading

import pytest

from accounts.models import Guest
from common.errors import NotFound
from storefront.checkout import permissions
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.guests.services import guests
from storefront.checkout.models import Cart, CartLine, Entitlement, Order
from storefront.checkout.orders.services import settlement
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import make_book, open_page, pay_session
from tests.factories.guests import ADDRESS, buy_as_guest, place_as_guest, visitor_cart
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures, meet, together, without_locks

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


class TestFirstOrder:
    @pytest.fixture
    def click(self):
        made = visitor_cart(make_book())
        cart = cart_selectors.cart_of(user=None, cart_id=made.public_id)
        digest = quotes.quote_cart(actor=None, cart=cart, country="US", at=NOON).digest
        wish = {"email": ADDRESS, "country": "US", "digest": digest, "has_consented": True, "at": NOON}
        return lambda: guests.place_order(cart=cart, **wish).pk

    def test_twenty_clicks_are_one_guest_and_one_order(self, click):
        results = together(click, 20)
        assert failures(results) == []
        assert len(set(results)) == Guest.objects.count() == Order.objects.count() == 1

    def test_two_that_meet_are_one_guest(self, click, monkeypatch):
        meet(monkeypatch, guests.account_services, "make_guest", 2)
        assert failures(together(click, 2)) == []
        assert Guest.objects.count() == 1

    def test_without_the_lock_they_would_be_two(self, click, monkeypatch):
        meet(monkeypatch, guests.account_services, "make_guest", 2, PATIENT_S)
        without_locks(monkeypatch)
        together(click, 2)
        assert Guest.objects.count() == 2


class TestPagesAfterLogIn:
    """Each of them takes the visitor's cart along."""

    @pytest.fixture
    def adopt(self):
        reader, cart = make_reader(), visitor_cart(make_book(), make_book())
        return lambda: carts.merge_carts(actor=reader, cart_id=cart.public_id, at=NOON).cart

    def test_ten_at_once_keep_the_cart(self, adopt):
        results = together(adopt, 10)
        assert failures(results) == []
        assert set(results) == {Cart.objects.get()}
        assert CartLine.objects.count() == 2

    def test_one_that_saw_it_before_the_other_had_it_keeps_it(self, adopt, monkeypatch):
        late, seen, taken = threading.local(), threading.Event(), threading.Event()
        cart_of = cart_selectors.cart_of

        def slow(*, user, cart_id):
            found = cart_of(user=user, cart_id=cart_id)
            if user is None and getattr(late, "is_me", False):
                seen.set()
                taken.wait(PATIENT_S)
            return found

        def first():
            seen.wait(PATIENT_S)
            cart = adopt()
            taken.set()
            return cart

        def second():
            late.is_me = True
            return adopt()

        monkeypatch.setattr(cart_selectors, "cart_of", slow)
        results = run_together(first, second)
        assert failures(results) == []
        assert set(results) == {Cart.objects.get()}
        assert CartLine.objects.filter(cart__user__isnull=False).count() == 2


class TestClaim:
    @pytest.fixture
    def click(self):
        order = buy_as_guest()
        people = iter([make_reader() for _ in range(20)])
        guest_id = order.buyer.public_id
        return lambda: guests.claim(actor=next(people), guest_id=guest_id, link_version=1, at=NOON).claimed_by_id

    def test_of_twenty_people_one_has_it(self, click):
        results = together(click, 20)
        assert [type(failure) for failure in failures(results)] == [NotFound] * 19
        (winner,) = [result for result in results if not isinstance(result, Exception)]
        assert Entitlement.objects.get().user_id == Order.objects.get().buyer_id == winner

    def test_of_two_that_meet_one_has_it(self, click, monkeypatch):
        meet(monkeypatch, guests, "_move", 2)
        assert len(failures(together(click, 2))) == 1

    def test_without_the_lock_both_would_be_told_that_they_have_it(self, click, monkeypatch):
        meet(monkeypatch, guests, "_move", 2, PATIENT_S)
        # What moves along may refuse a guest who is already closed: only the claim's own lock is asked for here.
        monkeypatch.setattr(guests.hooks, "announce_claimed", lambda _guest, _person: None)
        without_locks(monkeypatch)
        assert failures(together(click, 2)) == []


@pytest.mark.parametrize("_round", range(4))
def test_a_page_paid_while_somebody_claims_is_the_claimants(_round):
    bought = buy_as_guest()
    cart = cart_selectors.cart_of(user=None, cart_id=bought.buyer.cart.public_id)
    book, person = make_book(), make_reader()
    session_id = open_page(place_as_guest(visitor_cart(book, cart=cart)))
    pay_session(session_id)
    results = run_together(
        lambda: settlement.settle_session(session_id=session_id),
        lambda: guests.claim(actor=person, guest_id=bought.buyer.public_id, link_version=1, at=NOON),
    )
    assert failures(results) == []
    assert permissions.may_read(person, book.work)
    assert not Order.objects.filter(buyer__is_guest=True).exists()
