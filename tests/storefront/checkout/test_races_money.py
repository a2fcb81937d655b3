"""Twenty and more at once where money can be lost, on connections of their own; and what if the locks were off."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models import Q

from common import clock
from royalties.services.invariants import check_invariants
from storefront.checkout import errors, permissions
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.coupons import services as coupons
from storefront.checkout.guests.services import guests
from storefront.checkout.models import (
    Coupon,
    CouponRedemption,
    GoodwillDay,
    Order,
    OrderLine,
    Payment,
    Refund,
    RefundState,
)
from storefront.checkout.orders.services import checkout
from storefront.checkout.orders.services.buyer_traces import Origin
from storefront.checkout.refunds import services as refunds
from tests.conftest import NOON
from tests.factories.accounts import make_author, make_reader
from tests.factories.buying import buy, make_book
from tests.factories.guests import visitor_cart
from tests.factories.offers import make_author_coupon
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures, meet, without_locks
from tests.storefront.checkout.test_races_offers import without_check

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]

CHECKOUTS, REFUNDS = 24, 20


def checkouts(*, uses: int, address: Callable[[int], str]) -> list[Callable[[], str]]:
    """Visitors who have seen the price with a code that is good so often, one click before paying."""
    author = make_author()
    book, coupon = make_book(owner=author), make_author_coupon(author, uses_limit=uses)
    return [_checkout(book, coupon, n, address(n)) for n in range(CHECKOUTS)]


def _checkout(book, coupon, number, address):  # type: ignore[no-untyped-def]
    cart = visitor_cart(book)
    carts.enter_code(actor=None, cart=cart, code=coupon.code, at=NOON)
    found = cart_selectors.cart_of(user=None, cart_id=cart.public_id)
    digest = quotes.quote_cart(actor=None, cart=found, country="US", at=NOON).digest
    wish = {"email": f"fresh-{number}@example.org", "country": "US", "digest": digest, "has_consented": True}

    def click() -> str:
        with clock.frozen(NOON):
            order = guests.place_order(cart=found, at=NOON, origin=Origin(address, ""), **wish)
            return checkout.payment_page(order=order)

    return click


class TestCheckoutsWithTheLastUse:
    """Each from elsewhere."""

    @pytest.fixture
    def clicks(self) -> list[Callable[[], str]]:
        return checkouts(uses=1, address=lambda n: f"198.51.100.{n}")

    def test_one_of_twenty_four_has_it(self, clicks, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, coupons, "claim", CHECKOUTS, PATIENT_S)
        refused = failures(run_together(*clicks))
        assert [type(failure) for failure in refused] == [errors.CouponUsedUp] * (CHECKOUTS - 1)
        assert Order.objects.count() == Payment.objects.count() == Coupon.objects.get().claimed == 1

    def test_without_condition_and_check_all_would(self, clicks, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, coupons, "claim", CHECKOUTS, PATIENT_S)
        monkeypatch.setattr(coupons, "_has_room", Q)
        with without_check():
            assert failures(run_together(*clicks)) == []
            assert Coupon.objects.get().claimed == CHECKOUTS


class TestCheckoutsFromOneNetwork:
    """Of a code with a use for each of them."""

    @pytest.fixture
    def clicks(self) -> list[Callable[[], str]]:
        return checkouts(uses=CHECKOUTS, address=lambda n: "203.0.113.7")

    def test_twenty_four_hold_one_use(self, clicks, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, coupons, "_take_one", CHECKOUTS)
        assert failures(run_together(*clicks)) == []
        held = CouponRedemption.objects.filter(state="reserved")
        assert Coupon.objects.get().claimed == held.count() == 1
        assert Order.objects.count() == CHECKOUTS

    def test_without_the_lock_they_would_hold_one_each(self, clicks, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, coupons, "_take_one", CHECKOUTS, PATIENT_S)
        without_locks(monkeypatch)
        assert failures(run_together(*clicks)) == []
        assert Coupon.objects.get().claimed == CHECKOUTS


@contextmanager
def without_constraint():  # type: ignore[no-untyped-def]
    """The table of refunds without its last line of defence."""
    once = next(one for one in Refund._meta.constraints if one.name == "refund_once_by_reader_per_line")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Refund, once)
    try:
        yield
    finally:
        Refund.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Refund, once)


class TestRefundsOfOneLine:
    @pytest.fixture
    def clicks(self) -> list[Callable[[], Refund | None]]:
        line = buy(make_reader(), make_book()).lines.select_related("order__buyer").get()
        return [lambda: refunds.request_refund(actor=line.order.buyer, line=line, reason="", at=NOON)] * REFUNDS

    def test_twenty_are_one(self, clicks, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, permissions, "refund_way", REFUNDS)
        results = run_together(*clicks)
        assert failures(results) == []
        assert len({refund.pk for refund in results}) == Refund.objects.count() == 1
        assert check_invariants() == []

    def test_without_lock_and_constraint_they_would_be_twenty(self, clicks, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, Refund.objects, "create", REFUNDS, PATIENT_S)
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)  # nothing is to be sent
        without_locks(monkeypatch)
        with without_constraint():
            assert failures(run_together(*clicks)) == []
            assert Refund.objects.count() == REFUNDS


class TestUsedBooksOfOneCard:
    """Twenty orders that one card paid for under as many addresses, given back at the same moment."""

    @pytest.fixture
    def clicks(self, monkeypatch) -> list[Callable[[], Refund | None]]:  # type: ignore[no-untyped-def]
        monkeypatch.setattr("common.jobs.enqueue", lambda name, **ids: None)  # nothing is to be sent
        book = make_book()
        lines = [buy(make_reader(), book).lines.select_related("order__buyer", "entitlement").get() for _ in range(20)]
        for line in lines:
            line.entitlement.furthest_bps = 5000
            line.entitlement.save()
        GoodwillDay.objects.create(day=NOON.date())  # that it is there keeps nobody apart
        return [self.click(line) for line in lines]

    def click(self, line: OrderLine) -> Callable[[], Refund | None]:
        return lambda: refunds.request_refund(actor=line.order.buyer, line=line, reason="", at=NOON)

    def test_three_go_back_at_once_and_the_others_wait(self, clicks, monkeypatch) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, permissions, "refund_way", REFUNDS)
        assert failures(run_together(*clicks)) == []
        assert Refund.objects.filter(state=RefundState.PENDING).count() == 3
        assert Refund.objects.filter(state=RefundState.PROPOSED).count() == REFUNDS - 3

    def test_and_no_more_than_the_day_has(self, clicks, monkeypatch, settings) -> None:  # type: ignore[no-untyped-def]
        settings.GOODWILL_REFUNDS, settings.GOODWILL_DAILY_REFUNDS = REFUNDS, 5
        meet(monkeypatch, permissions, "refund_way", REFUNDS)
        assert failures(run_together(*clicks)) == []
        assert Refund.objects.filter(state=RefundState.PENDING).count() == 5

    def test_without_the_lock_more_would(self, clicks, monkeypatch, settings) -> None:  # type: ignore[no-untyped-def]
        meet(monkeypatch, permissions, "refund_way", REFUNDS, PATIENT_S)
        without_locks(monkeypatch)
        assert failures(run_together(*clicks)) == []
        assert Refund.objects.filter(state=RefundState.PENDING).count() > settings.GOODWILL_REFUNDS
