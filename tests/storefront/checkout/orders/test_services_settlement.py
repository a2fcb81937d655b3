"""From a placed order to a paid one, and what happens to money that should not have come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from common import clock
from common.money import Money
from payments.gateway import GatewayUnknown
from payments.models import FaultKind, ProviderEvent
from payments.registry import NotYetKnown
from payments.stripe.gateway import StripeGateway
from payments.stripe.sandbox import faults
from payments.stripe.sandbox.resources import save
from royalties.models import SaleRecord
from royalties.selectors import economics
from royalties.services import duplicate_payments
from royalties.services.invariants import check_invariants
from storefront.checkout import retry_stuck
from storefront.checkout.models import (
    CartLine,
    Entitlement,
    OrderState,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    TaxEvidence,
)
from storefront.checkout.orders.services import checkout, settlement
from storefront.checkout.receipts.services import emails
from storefront.checkout.refunds import services as refunds
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book, open_page, pay_session, place_order, stored_session
from tests.factories.offers import balances
from tests.payments.postman import deliver_all

pytestmark = pytest.mark.django_db


class TestSettle:
    def test_unknown_session(self):
        with pytest.raises(NotYetKnown):
            settlement.settle_session(session_id="cs_none")

    def test_unpaid_session_changes_nothing(self, reader, book):
        order = place_order(reader, book)
        settlement.settle_session(session_id=open_page(order))
        order.refresh_from_db()
        assert order.state == OrderState.OPEN
        assert not Entitlement.objects.exists()

    def test_paid_session_grants_books_and_sales_together(self, reader, book):
        other = make_book(title="The Letter", prices={"USD": 999})
        order = buy(reader, book, other)
        assert order.state == OrderState.PAID
        assert order.refundable_until == datetime(2026, 12, 9, 12, tzinfo=UTC)
        assert set(Entitlement.objects.values_list("user", "work")) == {
            (reader.pk, book.work_id),
            (reader.pk, other.work_id),
        }
        assert set(SaleRecord.objects.values_list("reference", flat=True)) == {
            line.public_id for line in order.lines.all()
        }
        assert not CartLine.objects.exists()

    def test_books_the_real_fee_beside_the_quoted_one(self, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        pay_session(session_id, card="de")
        settlement.settle_session(session_id=session_id)
        assert Payment.objects.get().processor_fee_minor == 52
        assert order.lines.get().processor_fee_minor == 44

    @pytest.mark.parametrize(
        ("currency", "country", "card", "fee"),
        # 2.9 % of 1000 + 30; 1.5 % + 25; 1.5 % + 20.
        [("USD", "US", "us", 59), ("EUR", "DE", "de", 40), ("GBP", "GB", "gb", 35)],
    )
    def test_a_domestic_card_costs_what_was_quoted(self, reader, *, currency, country, card, fee):
        order = place_order(reader, make_book(prices={currency: 1000}), country=country, currency=currency)
        session_id = open_page(order)
        pay_session(session_id, card=card, country=country)
        settlement.settle_session(session_id=session_id)
        (month,) = economics.by_month(until=clock.now())
        assert (month.currency, month.fee_quoted, month.fee_real) == (currency, fee, fee)

    def test_twice_is_once(self, reader, book):
        order = buy(reader, book)
        session_id = order.payments.get().session_id
        for _ in range(3):
            settlement.settle_session(session_id=session_id)
        assert (Entitlement.objects.count(), SaleRecord.objects.count(), Refund.objects.count()) == (1, 1, 0)

    def test_by_webhook_alone(self, reader, book):
        order = place_order(reader, book)
        pay_session(open_page(order))
        deliver_all()
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"processed"}

    def test_provider_does_not_answer(self, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        pay_session(session_id)
        faults.arm(FaultKind.LOST_BEFORE, "/v1/checkout/sessions", times=3)
        with pytest.raises(GatewayUnknown):
            settlement.settle_session(session_id=session_id)
        assert checkout.refresh_order(order=order).state == OrderState.PAID

    def test_p2_session_whose_id_was_lost_is_known_by_its_reference(self, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        Payment.objects.update(session_id="", page_url="")
        pay_session(session_id)
        deliver_all()
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        assert Payment.objects.get().session_id == session_id

    def test_a_crash_in_the_ledger_undoes_everything(self, reader, book, monkeypatch):
        order = place_order(reader, book)
        session_id = open_page(order)
        pay_session(session_id)

        def broken(**kwargs):
            raise RuntimeError("the books refused")

        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(settlement.sales, "record_sales", broken)
            settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert (order.state, Payment.objects.get().state) == (OrderState.OPEN, PaymentState.PENDING)
        assert not Entitlement.objects.exists()
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert order.state == OrderState.PAID

    def test_keeps_evidence_of_the_place_of_supply(self, reader, book):
        order = place_order(reader, book, country="US")
        session_id = open_page(order)
        pay_session(session_id, card="de", country="US")
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert replace(order.tax_evidence, profile="") == TaxEvidence(
            declared="US",
            billing="US",
            card="DE",
            verdict="agrees",  # two pieces; the card is only from elsewhere
        )


class TestMoneyThatShouldNotHaveCome:
    def test_p1_a_page_nobody_got_to_see_is_over_in_time(self, reader, book, django_capture_on_commit_callbacks):
        order = place_order(reader, book)
        with (
            clock.frozen(clock.now() + timedelta(minutes=61)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            retry_stuck.retry_stuck()
        order.refresh_from_db()
        assert (order.state, Payment.objects.get().state) == (OrderState.CANCELED, PaymentState.EXPIRED)

    def test_an_expired_notice_after_payment_changes_nothing(self, reader, book):
        order = buy(reader, book)
        save(stored_session(order.payments.get().session_id), status="expired")
        settlement.settle_session(session_id=order.payments.get().session_id)
        order.refresh_from_db()
        assert order.state == OrderState.PAID


class TestReceipt:
    def test_is_mailed_once_after_commit(self, reader, book, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            order = buy(reader, book)
        assert emails.mail_receipt(order_id=order.pk) is False
        assert len(mail.outbox) == 1
        receipt = mail.outbox[0]
        assert receipt.to == [reader.email]
        html = receipt.alternatives[0][0]
        for text in (receipt.body, html):
            assert "The Lighthouse" in text
            assert "$4.99" in text
            assert "right of withdrawal" in text
            assert checkout.WAIVER_VERSION in text
            assert order.public_id in text

    def test_open_order_has_none(self, reader, book):
        assert emails.mail_receipt(order_id=place_order(reader, book).pk) is False
        assert mail.outbox == []

    def test_a_mail_server_that_is_down_leaves_it_to_the_sweeper(
        self, reader, book, monkeypatch, django_capture_on_commit_callbacks
    ):
        order = buy(reader, book)

        def down(*args, **kwargs):
            raise OSError("no route")

        with monkeypatch.context() as patch, pytest.raises(OSError, match="no route"):
            patch.setattr(mail.EmailMultiAlternatives, "send", down)
            emails.mail_receipt(order_id=order.pk)
        with (
            clock.frozen(clock.now() + timedelta(minutes=2)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            retry_stuck.retry_stuck()
        assert len(mail.outbox) == 1


class TestLearnFee:
    def test_books_a_fee_that_was_not_known_at_first(self, reader, book):
        order = buy(reader, book)
        Payment.objects.update(processor_fee_minor=None)
        settlement.record_processor_fee(payment_id=order.payments.get().pk)
        assert Payment.objects.get().processor_fee_minor == 44


class TestRefundOfANeedlessPayment:
    def test_tells_the_reader_that_the_books_stay(self, reader, book, django_capture_on_commit_callbacks):
        order = buy(reader, book)
        refund = Refund.objects.create(
            payment=order.payments.get(), amount_minor=499, currency="USD", requested_at=clock.now()
        )
        duplicate_payments.record_payment(
            payment=refund.payment.public_id,
            order_reference=order.public_id,
            amount=Money(499, "USD"),
            at=clock.now(),
        )
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert refunds.send_refund(refund_id=refund.pk) == RefundState.SUCCEEDED
        assert "You keep the books" in mail.outbox[0].body
        assert Entitlement.objects.filter(ended_at=None).exists()


def test_two_readers_do_not_meet(book):
    for reader in (make_reader(), make_reader()):
        buy(reader, book)
    assert Entitlement.objects.count() == 2


class TestAnotherCurrency:
    """Our balance at the provider may be in another currency than the order."""

    @pytest.fixture
    def settles_in_euro(self, monkeypatch):
        fetch = StripeGateway.fetch_payment

        def converted(self, *, payment_id):
            details = fetch(self, payment_id=payment_id)
            return replace(details, settled=Money(460, "EUR"), processor_fee=Money(41, "EUR"))

        monkeypatch.setattr(StripeGateway, "fetch_payment", converted)

    def test_fee_and_conversion_are_booked_where_they_happened(self, reader, book, settles_in_euro):
        buy(reader, book)
        payment = Payment.objects.get()
        assert (payment.processor_fee_minor, payment.processor_fee_currency) == (41, "EUR")
        assert balances("EUR") == {"stripe_balance": 460 - 41, "processor_fee": 41, "fx": -460}
        dollars = balances("USD")
        assert ("stripe_balance" in dollars, dollars["fx"]) == (False, 499)
        assert check_invariants() == []

    def test_twice_is_once(self, reader, book, settles_in_euro):
        order = buy(reader, book)
        before = balances("EUR")
        Payment.objects.update(processor_fee_minor=None)
        settlement.record_processor_fee(payment_id=order.payments.get().pk)
        assert balances("EUR") == before

    def test_what_was_not_booked_is_not_converted(self, reader, book, settles_in_euro):
        order = place_order(reader, book)
        session_id = open_page(order)
        save(stored_session(session_id), amount_total=500)
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        assert "fx" not in balances("EUR")
