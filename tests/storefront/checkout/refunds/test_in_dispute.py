"""Finance gives nothing back that the reader's bank holds: the provider would refuse it."""

from __future__ import annotations

import pytest
from django.test import Client

from common import clock
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from storefront.checkout.disputes.services import fraud
from storefront.checkout.errors import RefundDisputed
from storefront.checkout.models import Dispute, FraudWarning, Order, Refund, RefundOrigin, RefundState
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_finance
from tests.factories.buying import buy, make_book
from tests.payments.postman import deliver_all

pytestmark = pytest.mark.django_db


def open_dispute(order, *, is_inquiry: bool = False):
    charge = gateway().fetch_payment(payment_id=order.payments.get().provider_payment_id).charge_id
    dispute = bank.open_dispute(charge, is_inquiry=is_inquiry)["id"]
    deliver_all()
    return dispute


def propose(order, actor=None):
    return refunds.propose_refund(
        actor=actor or make_finance(), line=order.lines.get(), amount=None, reason="Broken.", at=clock.now()
    )


@pytest.fixture
def order(reader) -> Order:
    return buy(reader, make_book())


@pytest.fixture
def waiting(order) -> Refund:
    """A wish of the reader's beyond goodwill."""
    return Refund.objects.create(
        line=order.lines.get(),
        payment=order.payments.get(),
        amount_minor=499,
        currency="USD",
        state=RefundState.PROPOSED,
        origin=RefundOrigin.READER,
        requested_by=order.buyer,
        requested_at=clock.now(),
    )


def test_a_proposal_is_refused_until_the_bank_has_decided_for_us(order):
    dispute = open_dispute(order)
    with pytest.raises(RefundDisputed):
        propose(order)
    assert not Refund.objects.exists()
    bank.decide_dispute(dispute, "won")
    deliver_all()
    assert propose(order).state == RefundState.PENDING


def test_not_for_a_question_of_the_bank(order):
    """It has not taken the money, and a refund is an answer."""
    open_dispute(order, is_inquiry=True)
    assert propose(order).state == RefundState.PENDING


def test_one_that_waits_is_not_approved_and_can_be_declined(order, waiting):
    open_dispute(order)
    with pytest.raises(RefundDisputed):
        refunds.approve_refund(actor=make_finance(), refund=waiting, at=clock.now())
    waiting.refresh_from_db()
    assert waiting.state == RefundState.PROPOSED
    refunds.decline_refund(actor=make_finance(), refund=waiting, at=clock.now())
    waiting.refresh_from_db()
    assert waiting.state == RefundState.DECLINED


def test_nor_because_of_a_warning(order):
    payment = order.payments.get()
    warning = FraudWarning.objects.create(
        provider_warning_id="w1", payment=payment, kind="misc", is_actionable=True, warned_at=clock.now()
    )
    open_dispute(order)
    with pytest.raises(RefundDisputed):
        fraud.decide_warning(actor=make_finance(), warning=warning, gives_back=True, at=clock.now())
    warning.refresh_from_db()
    assert warning.handled_at is None
    assert refunds.refund_warned_payment(payment=payment, at=clock.now()) == []
    assert not Refund.objects.exists()


def test_the_page_shows_the_dispute_where_the_refund_would_be_proposed(order, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    office = Client()
    office.force_login(make_finance())
    address = f"/finance/orders/{order.public_id}/"
    action = f"{address}lines/{order.lines.get().public_id}/give-back/"
    assert action in office.get(address).content.decode()
    open_dispute(order)
    page = office.get(address).content.decode()
    books, _, _ = page.partition("<h2>Payments</h2>")
    assert f"/finance/disputes/{Dispute.objects.get().public_id}/" in books
    assert action not in page
    told = office.post(action, {"amount": "", "reason": "Broken."}, follow=True).content.decode()
    assert "is holding this money" in told
    assert not Refund.objects.exists()
