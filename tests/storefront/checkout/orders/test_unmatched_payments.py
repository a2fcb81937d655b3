"""A second payment of an order that is paid already, and not what was quoted: finance sends it back."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import hooks
from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from royalties.models import SaleRecord, SaleState
from royalties.services.invariants import check_invariants
from storefront.checkout import retry_stuck
from storefront.checkout.entitlements.selectors.payments import payment_that_bought
from storefront.checkout.errors import MismatchDecided, MismatchDisputed
from storefront.checkout.models import Dispute, Entitlement, Order, OrderState, PaymentState, Refund
from storefront.checkout.orders.services import payment_mismatch, settlement
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance, make_moderator, make_reader
from tests.factories.buying import make_book, open_page, pay_session, place_order
from tests.factories.offers import balances
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree
from tests.storefront.checkout.orders.test_faults import two_pages

pytestmark = pytest.mark.django_db


def paid_twice(order, *, first_page_last: bool = False):
    """The order is paid, and then its other page, which asked for something else; the order and that payment."""
    good, wrong = reversed(two_pages(order)) if first_page_last else two_pages(order)
    pay_session(good)
    settlement.settle_session(session_id=good, reference=order.public_id)
    Order.objects.filter(pk=order.pk).update(total_minor=order.total_minor - 1)
    pay_session(wrong)
    settlement.settle_session(session_id=wrong, reference=order.public_id)
    Order.objects.filter(pk=order.pk).update(total_minor=order.total_minor)
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    return order, order.payments.get(session_id=wrong)


@pytest.fixture
def order(reader):
    return place_order(reader, make_book())


def dispute_of(payment):
    charge = gateway().fetch_payment(payment_id=payment.provider_payment_id).charge_id
    dispute = bank.open_dispute(charge)["id"]
    deliver_all()
    return dispute


def send_back(payment):
    payment_mismatch.refund_unmatched(actor=make_finance(), payment=payment, at=clock.now())
    for refund in Refund.objects.filter(state="pending"):
        refunds.send_refund(refund_id=refund.pk)
    payment.refresh_from_db()


@pytest.mark.parametrize("first_page_last", [False, True])
def test_it_goes_back_and_the_order_stays(
    order, first_page_last, mailoutbox, django_capture_on_commit_callbacks, reader
):
    order, wrong = paid_twice(order, first_page_last=first_page_last)
    assert wrong.state == PaymentState.UNMATCHED
    assert payment_that_bought(order) != wrong
    with django_capture_on_commit_callbacks(execute=True):
        send_back(wrong)
    assert wrong.state == PaymentState.REFUNDED
    refund = Refund.objects.get()
    assert (refund.payment, refund.line, refund.amount_minor) == (wrong, None, 499)
    assert "books you already owned" in mailoutbox[-1].body
    assert AuditEntry.objects.filter(verb="payment.sent_back", subject_id=wrong.public_id).count() == 1
    order.refresh_from_db()
    assert order.state == OrderState.PAID
    assert Entitlement.objects.get(user=reader).ended_at is None
    assert "refund_pending" not in balances()
    assert check_invariants() == []
    assert_balances_agree()


def test_a_wish_of_the_reader_goes_from_the_payment_that_bought(order, reader):
    order, wrong = paid_twice(order, first_page_last=True)
    refund = refunds.request_refund(actor=reader, line=order.lines.get(), reason="", at=clock.now())
    assert refund is not None
    assert refund.payment != wrong


def test_its_fee_is_learnt_and_nothing_else_booked(reader):
    """What arrives in another currency is converted in the books once it is in them."""
    order = place_order(reader, make_book(prices={"EUR": 499}), currency="EUR", country="US")
    order, wrong = paid_twice(order)
    type(wrong).objects.filter(pk=wrong.pk).update(processor_fee_minor=None)
    retry_stuck.settle_payment(payment_id=wrong.pk)
    wrong.refresh_from_db()
    assert wrong.processor_fee_minor is not None
    send_back(wrong)
    assert check_invariants() == []
    assert_balances_agree()


def test_a_dispute_about_it_is_not_about_the_books(order, reader, mailoutbox, django_capture_on_commit_callbacks):
    order, wrong = paid_twice(order)
    dispute = dispute_of(wrong)
    assert SaleRecord.objects.get().state == SaleState.CLEARING
    with pytest.raises(MismatchDisputed):
        send_back(wrong)
    bank.decide_dispute(dispute, "lost")
    with django_capture_on_commit_callbacks(execute=True):
        deliver_all()
    assert "What you bought with another payment stays yours" in mailoutbox[-1].body
    assert Entitlement.objects.get(user=reader).ended_at is None
    send_back(wrong)
    assert wrong.state == PaymentState.REFUNDED
    assert not Refund.objects.exists()
    assert {"bad_debt", "refund_pending", "dispute_in_progress"}.isdisjoint(balances())
    assert check_invariants() == []
    assert_balances_agree()


def test_after_a_won_dispute_it_goes_back(order):
    order, wrong = paid_twice(order)
    dispute = dispute_of(wrong)
    bank.decide_dispute(dispute, "won")
    deliver_all()
    assert Dispute.objects.get().is_won
    send_back(wrong)
    assert Refund.objects.get().amount_minor == 499
    assert check_invariants() == []
    assert_balances_agree()


def test_once(order):
    order, wrong = paid_twice(order)
    stale = type(wrong).objects.get(pk=wrong.pk)
    send_back(wrong)
    with pytest.raises(MismatchDecided):
        payment_mismatch.refund_unmatched(actor=make_finance(), payment=stale, at=clock.now())
    assert Refund.objects.count() == 1


def test_not_the_payment_that_bought(order):
    order, _wrong = paid_twice(order)
    with pytest.raises(MismatchDecided):
        payment_mismatch.refund_unmatched(actor=make_finance(), payment=payment_that_bought(order), at=clock.now())


def test_finance_only_and_not_of_ones_own():
    own = make_finance()
    _, wrong = paid_twice(place_order(own, make_book()))
    for actor in (own, make_reader(), make_moderator()):
        with pytest.raises(NotAllowed):
            payment_mismatch.refund_unmatched(actor=actor, payment=wrong, at=clock.now())
    assert not Refund.objects.exists()


def test_the_page_in_the_office(order, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    order, wrong = paid_twice(order)
    office = Client()
    office.force_login(make_finance())
    waiting = office.get("/finance/orders/").content.decode()
    assert "Waiting for a decision" in waiting
    address = f"/finance/orders/{order.public_id}/"
    page = office.get(address).content.decode()
    action = f"{address}payments/{wrong.public_id}/send-back/"
    assert page.count(action) == 1
    told = office.post(action, follow=True).content.decode()
    assert "Any money that no bank has taken back is being refunded" in told
    assert "send-back" not in told
    assert "Waiting for a decision" not in office.get("/finance/orders/").content.decode()
    assert office.post(f"{address}payments/pay_none/send-back/").status_code == 404


def test_a_page_of_an_unpaid_order_that_asked_for_something_else_makes_the_order_wait(order):
    session_id = open_page(order)
    pay_session(session_id)
    Order.objects.filter(pk=order.pk).update(total_minor=order.total_minor - 1)
    settlement.settle_session(session_id=session_id)
    assert order.payments.get().state == PaymentState.SUCCEEDED


def test_nobody_leaves_while_such_a_payment_lies_with_us(order):
    order, payment = paid_twice(order)
    (found,) = hooks.obstacles(order.buyer, clock.now())
    assert "differed from the amount quoted" in str(found.text)
    payment_mismatch.refund_unmatched(actor=make_finance(), payment=payment, at=clock.now())
    (found,) = hooks.obstacles(order.buyer, clock.now())
    assert "on its way to you" in str(found.text)
    refunds.send_refund(refund_id=Refund.objects.get().pk)
    deliver_all()
    assert hooks.obstacles(order.buyer, clock.now()) == []
