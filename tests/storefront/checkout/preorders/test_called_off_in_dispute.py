"""What was called off while the buyer's bank had the money is given back once the bank has decided for us."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from publishing import services as publishing_services
from royalties.services.invariants import check_invariants
from storefront.checkout import retry_stuck
from storefront.checkout.models import Preorder, Refund, RefundState
from storefront.checkout.preorders.services import preorders
from storefront.checkout.refunds import services as refunds
from tests.factories.offers import balances, make_awaited
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree
from tests.storefront.checkout.preorders.test_services import order_ahead

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(reader):
    return order_ahead(reader, make_awaited())


def call_off(order):
    work = order.lines.get().edition.work
    publishing_services.cancel_release(actor=work.owner, work=work, at=clock.now())


def supply():
    preorders.supply(preorder_id=Preorder.objects.get().pk, at=clock.now())


def send_all():
    for refund in Refund.objects.filter(state=RefundState.PENDING):
        refunds.send_refund(refund_id=refund.pk)


def open_dispute(order, *, is_told: bool = True):
    charge = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id
    dispute = bank.open_dispute(charge)["id"]
    if is_told:
        deliver_all()
    return dispute


def decide(dispute, outcome):
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        bank.decide_dispute(dispute, outcome)
        deliver_all()


def in_order():
    assert not {"deferred:preorder", "bad_debt", "dispute_in_progress", "refund_pending"} & balances().keys()
    assert check_invariants() == []
    assert_balances_agree()


def test_nothing_is_asked_for_while_the_bank_has_the_money(order):
    open_dispute(order)
    call_off(order)
    supply()
    assert not Refund.objects.exists()
    assert Preorder.objects.get().is_open


def test_once_it_is_won_the_sweeper_has_it_sent(order, django_capture_on_commit_callbacks):
    dispute = open_dispute(order)
    call_off(order)
    supply()
    decide(dispute, "won")
    with clock.frozen(clock.now() + timedelta(minutes=9)), django_capture_on_commit_callbacks(execute=True):
        retry_stuck.retry_stuck()
    send_all()
    assert (Refund.objects.get().state, Refund.objects.get().amount_minor) == (RefundState.SUCCEEDED, 499)
    assert Preorder.objects.get().canceled_at is not None
    in_order()


@pytest.mark.parametrize("is_told", [True, False])
def test_what_the_provider_refused_because_of_it_is_asked_for_again_once(order, is_told):
    """The dispute came between the wish and the call; of one the shop heard only later."""
    call_off(order)
    supply()
    dispute = open_dispute(order, is_told=is_told)
    send_all()
    assert Refund.objects.get().state == RefundState.FAILED
    supply()
    deliver_all()
    supply()
    assert Refund.objects.count() == 1
    decide(dispute, "won")
    with clock.frozen(clock.now() + timedelta(minutes=9)):
        for _ in range(2):
            supply()
        assert Refund.objects.count() == 2
        send_all()
        supply()
    assert list(Refund.objects.values_list("state", flat=True)) == [RefundState.SUCCEEDED, RefundState.FAILED]
    in_order()


def test_one_that_is_refused_after_that_is_left_to_people(order):
    dispute = open_dispute(order)
    call_off(order)
    decide(dispute, "won")
    with clock.frozen(clock.now() + timedelta(minutes=9)):
        supply()
        Refund.objects.update(state=RefundState.FAILED)
        supply()
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("is_asked_before", [True, False])
def test_once_it_is_lost_there_is_nothing_more_to_give_back(order, is_asked_before):
    if is_asked_before:
        call_off(order)
        supply()
    dispute = open_dispute(order)
    send_all()
    if not is_asked_before:
        call_off(order)
    supply()
    decide(dispute, "lost")
    supply()
    assert Refund.objects.exclude(state=RefundState.FAILED).count() == 0
    assert Preorder.objects.get().canceled_at is not None
    in_order()
