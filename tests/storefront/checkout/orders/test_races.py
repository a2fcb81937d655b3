"""Two clicks at once, on connections of their own; and what happened if the locks were not there."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError
from django.db.models import Manager
from django.db.models.query import QuerySet

from common import jobs
from payments.models import SandboxBalance, SandboxObject
from royalties.models import SaleRecord, SaleRefund
from storefront.checkout import permissions
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import quotes
from storefront.checkout.models import Entitlement, Order, Payment, Refund
from storefront.checkout.orders.services import checkout, settlement
from storefront.checkout.refunds import services as refunds
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, fill_cart, make_book, open_page, pay_session, place_order
from tests.royalties.database import run_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def together(call, times):
    """Run the call that many times at once; its results, exceptions among them."""
    return run_together(*[call] * times)


# For controls without locks, in which nobody is kept waiting: long, so that a busy machine changes nothing.
PATIENT_S = 60


def meet(monkeypatch, target, name, parties, patience_s=0.5):
    """Let callers of the function wait once for each other, as long as nobody keeps them apart."""
    have_met = threading.Event()
    barrier, function = threading.Barrier(parties, have_met.set), getattr(target, name)

    def waiting(*args, **kwargs):
        if not have_met.is_set():
            with suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=patience_s)
        return function(*args, **kwargs)

    monkeypatch.setattr(target, name, waiting)


def without_locks(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())
    monkeypatch.setattr(Manager, "select_for_update", lambda self, **options: self.get_queryset())


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


class TestDoubleClickBuy:
    @pytest.fixture
    def click(self):
        reader = make_reader()
        fill_cart(reader, make_book(), make_book())
        cart = cart_selectors.cart_of(user=reader, cart_id="")
        digest = quotes.quote_cart(actor=reader, cart=cart, country="US", at=NOON).digest

        def place():
            order = checkout.place_order(actor=reader, country="US", digest=digest, has_consented=True, at=NOON)
            return checkout.payment_page(order=order)

        return place

    def test_o1_twenty_clicks_are_one_order_and_one_page(self, click):
        pages = together(click, 20)
        assert failures(pages) == []
        assert len(set(pages)) == 1
        assert (Order.objects.count(), Payment.objects.count()) == (1, 1)
        assert SandboxObject.objects.filter(kind="checkout.session").count() == 1

    def test_two_that_meet_are_one_order(self, click, monkeypatch):
        meet(monkeypatch, quotes, "quote_cart", 2)
        assert failures(together(click, 2)) == []
        assert Order.objects.count() == 1

    def test_without_the_lock_they_would_be_two(self, click, monkeypatch):
        meet(monkeypatch, quotes, "quote_cart", 2, PATIENT_S)
        without_locks(monkeypatch)
        together(click, 2)
        assert Order.objects.count() == 2


class TestSettleTogether:
    def test_webhook_and_page_and_sweeper_at_once_are_one_sale(self):
        order = place_order(make_reader(), make_book(), make_book())
        session_id = open_page(order)
        pay_session(session_id)
        results = together(lambda: settlement.settle_session(session_id=session_id), 8)
        assert failures(results) == []
        assert (Entitlement.objects.count(), SaleRecord.objects.count(), Refund.objects.count()) == (2, 2, 0)

    def test_two_paid_orders_of_one_work_grant_it_once_and_give_one_back(self):
        reader, book = make_reader(), make_book()
        sessions = []
        for extra in (make_book(), make_book()):
            with jobs.collect_messages():  # the message that would close the first page is lost
                sessions.append(open_page(place_order(reader, book, extra)))
            cart_selectors.cart_of(user=reader, cart_id="").lines.all().delete()
        for session_id in sessions:
            pay_session(session_id)
        turn = iter(sessions)
        results = together(lambda: settlement.settle_session(session_id=next(turn)), 2)
        assert failures(results) == []
        assert Entitlement.objects.filter(work=book.work, ended_at=None).count() == 1
        assert Refund.objects.filter(line=None).count() == 1


class TestRefundTogether:
    @pytest.fixture
    def line(self):
        return buy(make_reader(), make_book()).lines.select_related("order__buyer").get()

    @pytest.fixture
    def click(self, line):
        return lambda: refunds.request_refund(actor=line.order.buyer, line=line, reason="", at=NOON).pk

    def test_r1_twenty_clicks_are_one_refund(self, click):
        results = together(click, 20)
        assert failures(results) == []
        assert len(set(results)) == Refund.objects.count() == 1

    def test_two_that_meet_are_one_refund(self, click, monkeypatch):
        meet(monkeypatch, permissions, "refund_way", 2)
        assert failures(together(click, 2)) == []
        assert Refund.objects.count() == 1

    def test_without_the_lock_the_database_stops_the_second(self, click, monkeypatch):
        meet(monkeypatch, permissions, "refund_way", 2, PATIENT_S)
        without_locks(monkeypatch)
        assert [type(failure) for failure in failures(together(click, 2))] == [IntegrityError]
        assert Refund.objects.count() == 1

    def test_p10_many_workers_send_it_once(self, click):
        refund_id = click()
        results = together(lambda: refunds.send_refund(refund_id=refund_id), 8)
        assert failures(results) == []
        assert SandboxObject.objects.filter(kind="refund").count() == SaleRefund.objects.count() == 1
        assert SandboxBalance.objects.get().available_minor == -44
