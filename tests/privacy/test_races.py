"""Buying, and copies, at the moment of an erasure; and what happened if the lock were not there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from accounts import hooks
from accounts.errors import AccountClosed, CopyUnderWay
from accounts.models import DataCopy, Deletion, User
from accounts.services import data_copies, deletions
from common.errors import DomainError
from royalties.services import invariants
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import quotes
from storefront.checkout.models import Entitlement, Order, OrderState, Payment, PaymentState, Refund
from storefront.checkout.orders.services import checkout, settlement
from tests.conftest import NOON
from tests.factories.accounts import make_reader
from tests.factories.buying import fill_cart, make_book, open_page, pay_session, place_order
from tests.royalties.database import run_together
from tests.storefront.checkout.orders.test_races import PATIENT_S, failures, without_locks

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def leaving() -> User:
    """A reader whose time has come."""
    reader = make_reader()
    Deletion.objects.create(user=reader, asked_at=NOON - timedelta(days=7), due_at=NOON)
    return reader


def meet_each_other(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str], patience_s: float = 0.5) -> None:
    """Let the callers of these functions wait once for each other, as long as nobody keeps them apart."""
    barrier, met = threading.Barrier(len(places)), threading.Event()

    def waiting(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if not met.is_set():
                with suppress(threading.BrokenBarrierError):
                    barrier.wait(timeout=patience_s)
                met.set()
            return function(*arguments, **named)

        return call

    for target, name in places:
        monkeypatch.setattr(target, name, waiting(getattr(target, name)))


class TestPlacingAnOrder:
    @pytest.fixture
    def both(self) -> tuple[Callable[[], Any], Callable[[], Any]]:
        reader = leaving()
        fill_cart(reader, make_book())
        cart = cart_selectors.cart_of(user=reader, cart_id="")
        digest = quotes.quote_cart(actor=reader, cart=cart, country="US", at=NOON).digest
        wish = {"actor": reader, "country": "US", "digest": digest, "has_consented": True, "at": NOON}
        return (
            lambda: checkout.place_order(**wish),
            lambda: deletions.erase(user_id=reader.pk, at=NOON),
        )

    def is_order_of_nobody(self) -> bool:
        """Whether somebody who is gone could be charged."""
        gone = Deletion.objects.get().done_at is not None
        return gone and Payment.objects.filter(state=PaymentState.PENDING).exists()

    @pytest.mark.parametrize("_round", range(4))
    def test_at_once_there_is_an_order_or_an_erasure(
        self, both: tuple[Callable[[], Any], Callable[[], Any]], _round: int
    ) -> None:
        results = run_together(*both)
        assert [one for one in failures(results) if not isinstance(one, DomainError)] == []
        assert not self.is_order_of_nobody()

    def test_two_that_meet(self, both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        meet_each_other(monkeypatch, (quotes, "quote_cart"), (hooks, "erase"))
        results = run_together(*both)
        assert [one for one in failures(results) if not isinstance(one, AccountClosed)] == []
        assert not self.is_order_of_nobody()

    def test_without_the_lock_somebody_who_is_gone_could_be_charged(
        self, both: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meet_each_other(monkeypatch, (quotes, "quote_cart"), (hooks, "erase"), patience_s=PATIENT_S)
        without_locks(monkeypatch)
        run_together(*both)
        assert self.is_order_of_nobody()


@pytest.mark.parametrize("_round", range(4))
def test_a_payment_while_it_is_erased_buys_before_or_goes_back(_round: int) -> None:
    reader = leaving()
    order = place_order(reader, make_book())
    session_id = open_page(order)
    pay_session(session_id)
    results = run_together(
        lambda: settlement.settle_session(session_id=session_id),
        lambda: deletions.erase(user_id=reader.pk, at=NOON),
    )
    assert failures(results) == []
    order.refresh_from_db()
    gone = Deletion.objects.get().done_at is not None
    bought = order.state == OrderState.PAID
    assert bought == Entitlement.objects.exists()
    assert bought != Refund.objects.exists()
    assert not Payment.objects.filter(state=PaymentState.PENDING).exists() or not gone
    assert Order.objects.count() == 1
    assert invariants.check_invariants() == []


def test_ten_who_ask_at_once_ask_for_one_copy() -> None:
    reader = make_reader()
    results = run_together(*[lambda: data_copies.request_copy(actor=reader, at=NOON)] * 10)
    assert {type(one) for one in failures(results)} <= {CopyUnderWay}
    assert DataCopy.objects.count() == 1


def test_of_two_workers_one_makes_the_copy() -> None:
    asked = DataCopy.objects.create(user=make_reader(), asked_at=NOON)
    tokens = run_together(*[lambda: data_copies._claim(asked.pk)] * 8)
    assert sorted(token for token in tokens if token is not None) == [1]


def test_ten_erasures_at_once_are_one() -> None:
    reader = leaving()
    results = run_together(*[lambda: deletions.erase(user_id=reader.pk, at=NOON)] * 5)
    assert failures(results) == []
    assert set(results) == {True}
    assert Deletion.objects.get().done_at == NOON
