"""Many readers at once, on connections of their own: one use of a coupon, one gift; and what if the locks were off."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress

import pytest
from django.db import IntegrityError, connection
from django.db.models import Q

from common import clock
from royalties.models import SaleRecord
from royalties.services.invariants import check_invariants
from storefront.checkout import errors
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import quotes
from storefront.checkout.copies import services as copies
from storefront.checkout.coupons import services as coupons
from storefront.checkout.entitlements.services import deferred_lines
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import Coupon, CouponRedemption, Entitlement, Order, Preorder, RedemptionState, Refund
from storefront.checkout.orders.services import checkout
from storefront.checkout.preorders.services import preorders
from storefront.checkout.refunds.services import requests
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import fill_cart, make_book, place_order
from tests.factories.copies import buy_copies
from tests.factories.offers import give, make_author_coupon, make_awaited, pay, publish, token_of, use_code
from tests.factories.publishing import make_published_edition
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures, meet, together, without_locks

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]

BUYERS = 50


def meet_at(monkeypatch, target, name, barrier):
    """Let the first caller of the function wait for the one of another."""
    function = getattr(target, name)

    def waiting(*args, **kwargs):
        found = function(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=PATIENT_S)
        return found

    monkeypatch.setattr(target, name, waiting)


@contextmanager
def without_check():
    """The table without its last line of defence."""
    check = next(one for one in Coupon._meta.constraints if one.name == "coupon_claimed_within_limit")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Coupon, check)
    try:
        yield
    finally:
        Coupon.objects.update(claimed=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Coupon, check)


class TestOneUseCoupon:
    @pytest.fixture
    def buys(self):
        """Fifty readers who have seen the price with the code, one click before the end."""
        author = make_author()
        book, coupon = make_book(owner=author), make_author_coupon(author, uses_limit=1)
        readers = [make_reader() for _ in range(BUYERS)]
        offers = []
        for reader in readers:
            fill_cart(reader, book)
            use_code(reader, coupon)
            cart = cart_selectors.cart_of(user=reader, cart_id="")
            offers.append(quotes.quote_cart(actor=reader, cart=cart, country="US", at=NOON).digest)

        def buy(reader, digest):
            with clock.frozen(NOON):
                return checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=NOON)

        return [lambda r=reader, d=digest: buy(r, d) for reader, digest in zip(readers, offers, strict=True)]

    @pytest.fixture
    def at_once(self, monkeypatch):
        """All have passed the check of the quote before the first one claims."""
        barrier, claim = threading.Barrier(BUYERS), coupons.claim

        def waiting(**wish):
            with suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=PATIENT_S)
            return claim(**wish)

        monkeypatch.setattr(coupons, "claim", waiting)

    def test_one_of_fifty_gets_it_and_the_others_are_told(self, buys, at_once):
        results = run_together(*buys)
        refused = failures(results)
        assert len(refused) == BUYERS - 1
        assert {type(failure) for failure in refused} == {errors.CouponUsedUp}
        assert Order.objects.count() == CouponRedemption.objects.count() == 1
        assert Coupon.objects.get().claimed == 1

    def test_without_the_condition_the_database_stops_them(self, buys, at_once, monkeypatch):
        monkeypatch.setattr(coupons, "_has_room", Q)
        refused = failures(run_together(*buys))
        assert {type(failure) for failure in refused} == {IntegrityError}
        assert Order.objects.count() == 1

    def test_without_both_more_than_one_would_have_it(self, buys, at_once, monkeypatch):
        monkeypatch.setattr(coupons, "_has_room", Q)
        with without_check():
            assert failures(run_together(*buys)) == []
            assert Order.objects.count() == CouponRedemption.objects.count() == BUYERS

    def test_a_release_and_claims_at_once_keep_the_count(self, buys):
        order = buys[0]()
        release = [lambda: coupons.release(orders=[order.pk])] * 5
        run_together(*release, *buys[1:6])
        held = CouponRedemption.objects.filter(state=RedemptionState.RESERVED).count()
        assert Coupon.objects.get().claimed == held <= 1


def one_of_copies():
    return buy_copies(make_reader(), make_published_edition(), 3)[1]


class TestOneGift:
    @pytest.fixture(params=[give, one_of_copies])
    def redeem(self, request):
        token, readers = token_of(request.param()), iter([make_reader() for _ in range(10)])

        def take():
            reader = next(readers)
            return gifts.redeem(actor=reader, token=token, country="US", has_consented=True, at=NOON)

        return take

    def test_ten_holders_of_the_link_are_one_reader(self, redeem):
        refused = failures(together(redeem, 10))
        assert [type(failure) for failure in refused] == [errors.GiftUnavailable] * 9
        assert Entitlement.objects.count() == SaleRecord.objects.count() == 1
        assert check_invariants() == []

    def test_without_the_lock_the_database_stops_the_second(self, redeem, monkeypatch):
        meet(monkeypatch, deferred_lines, "has_refund", 2, PATIENT_S)
        without_locks(monkeypatch)
        assert len(failures(together(redeem, 2))) == 1
        assert Entitlement.objects.count() == 1

    def test_redeemed_or_taken_back_but_not_both(self):
        gift = give()
        token, friend, line = token_of(gift), make_reader(), gift.line

        def take():
            with clock.frozen(NOON):
                return gifts.redeem(actor=friend, token=token, country="US", has_consented=True, at=NOON)

        def back():
            with clock.frozen(NOON):
                return deferred_lines.cancel_for_refund(line=line, external_id="re_1", at=NOON)

        run_together(take, back, back)
        gift.refresh_from_db()
        assert (gift.redeemed_at is None) != (gift.canceled_at is None)
        assert check_invariants() == []


class TestOneCopy:
    @pytest.fixture
    def copy(self):
        return buy_copies(make_reader(), make_published_edition(), 3)[1]

    @pytest.fixture
    def calls(self, copy):
        """Somebody opens it, and its buyer returns it."""
        token, friend, order = token_of(copy), make_reader(), copy.line.order

        def take():
            with clock.frozen(NOON):
                return gifts.redeem(actor=friend, token=token, country="US", has_consented=True, at=NOON)

        def back():
            with clock.frozen(NOON):
                lines = [copy.line.public_id]
                return copies.return_copies(actor=order.buyer, order=order, line_ids=lines, at=NOON)

        return take, back

    def test_is_opened_or_returned_but_not_both(self, copy, calls):
        take, back = calls
        run_together(take, back, back, take)
        copy.refresh_from_db()
        assert (copy.redeemed_at is None) == (Refund.objects.filter(line=copy.line).count() == 1)
        assert check_invariants() == []

    def test_without_the_lock_it_would_be_both(self, copy, calls, monkeypatch):
        met = threading.Barrier(2)
        for module, name in ((deferred_lines, "has_refund"), (requests, "left_in_books")):
            meet_at(monkeypatch, module, name, met)
        without_locks(monkeypatch)
        assert failures(run_together(*calls)) == []
        copy.refresh_from_db()
        assert copy.redeemed_at is not None
        assert Refund.objects.filter(line=copy.line).exists()


class TestRelease:
    def test_many_workers_supply_once_beside_mixed_orders(self):
        """Orders of all kinds lock the same accounts as the release does, in the same order."""
        edition, book = make_awaited(), make_book()
        first = make_reader()
        pay(place_order(first, edition))
        waiting = Preorder.objects.get()
        mixed = [place_order(make_reader(), book, edition) for _ in range(4)]
        publish(edition)

        def supply():
            with clock.frozen(NOON):
                return preorders.supply(preorder_id=waiting.pk, at=NOON)

        def settle(order):
            with clock.frozen(NOON):
                return pay(order)

        results = run_together(supply, supply, *[lambda o=order: settle(o) for order in mixed], supply)
        assert failures(results) == []
        assert Entitlement.objects.filter(user=first).count() == 1
        assert check_invariants() == []
