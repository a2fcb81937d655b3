"""From a placed order to a paid one, and what happens to money that should not have come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import AuditEntry
from common import clock
from common.money import Money
from payments.gateway import GatewayUnknown
from payments.models import FaultKind, ProviderEvent
from payments.registry import NotYetKnown
from payments.stripe.sandbox import faults, paying
from payments.stripe.sandbox.wire import now_seconds, save
from publishing.models import EditionState
from royalties.models import SaleRecord
from royalties.services import needless
from storefront.models import CartLine, Entitlement, OrderState, Payment, PaymentState, Refund, RefundState
from storefront.services import checkout, mails, refunds, settlement, sweeping
from tests.factories.accounts import make_reader
from tests.factories.buying import buy, make_book, open_page, pay_session, place_order, stored_session
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
        assert order.refundable_until == clock.now() + timedelta(days=14)
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
        assert checkout.look_again(order=order).state == OrderState.PAID

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

    def test_o8_a_title_withdrawn_meanwhile_is_still_delivered(self, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        book.state = EditionState.WITHDRAWN
        book.save()
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        assert Entitlement.objects.get().edition == book

    def test_keeps_evidence_of_the_place_of_supply(self, reader, book):
        order = place_order(reader, book, country="US")
        session_id = open_page(order)
        pay_session(session_id, card="de", country="US")
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert order.tax_evidence | {"profile": ""} == {
            "declared": "US",
            "profile": "",
            "billing": "US",
            "card": "DE",
            "agrees": False,
        }


class TestMoneyThatShouldNotHaveCome:
    @pytest.mark.parametrize("change", [{"amount_total": 498}, {"amount_total": 500}, {"currency": "eur"}])
    def test_o5_other_amount_or_currency_is_quarantined(self, reader, book, change):
        order = place_order(reader, book)
        session_id = open_page(order)
        row = stored_session(session_id)
        save(row, **change)
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert order.state == OrderState.QUARANTINED
        assert not Entitlement.objects.exists()
        assert not SaleRecord.objects.exists()
        assert AuditEntry.objects.filter(verb="order.quarantined", subject_id=order.public_id).count() == 1

    def test_o3_the_second_of_two_paid_sessions_is_given_back(self, reader, book):
        order = place_order(reader, book)
        first = open_page(order)
        Payment.objects.create(
            order=order, key="second", created_at=clock.now(), expires_at=clock.now() + timedelta(hours=1)
        )
        second = open_page(order)
        for session_id in (first, second):
            pay_session(session_id)
        for session_id in (first, second, second):
            settlement.settle_session(session_id=session_id)
        refund = Refund.objects.get()
        assert (refund.line, refund.payment.session_id, refund.amount_minor) == (None, second, 499)
        refunds.send_refund(refund_id=refund.pk)
        assert Payment.objects.get(session_id=second).state == PaymentState.REFUNDED
        assert (Entitlement.objects.filter(ended_at=None).count(), SaleRecord.objects.count()) == (1, 1)
        order.refresh_from_db()
        assert order.state == OrderState.PAID

    def test_o3_a_work_bought_in_another_order_meanwhile_is_given_back(self, reader, book):
        older = place_order(reader, book)
        session_id = open_page(older)
        newer = buy(reader, make_book(), book)
        older.refresh_from_db()
        assert (older.state, newer.state) == (OrderState.CANCELED, OrderState.PAID)
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        assert Refund.objects.get().payment.order == older
        assert Entitlement.objects.filter(work=book.work).count() == 1

    def test_o4_paid_although_the_order_was_canceled_is_honoured(self, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        place_order(reader, make_book())
        order.refresh_from_db()
        assert order.state == OrderState.CANCELED
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
        order.refresh_from_db()
        assert order.state == OrderState.PAID
        assert Entitlement.objects.get().work == book.work

    def test_o4_expired_page_cancels_the_order(self, reader, book, django_capture_on_commit_callbacks):
        order = place_order(reader, book)
        open_page(order)
        with (
            clock.frozen(clock.now() + timedelta(minutes=61)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            sweeping.sweep()
        order.refresh_from_db()
        assert (order.state, Payment.objects.get().state) == (OrderState.CANCELED, PaymentState.EXPIRED)

    def test_p1_a_page_nobody_got_to_see_is_over_in_time(self, reader, book, django_capture_on_commit_callbacks):
        order = place_order(reader, book)
        with (
            clock.frozen(clock.now() + timedelta(minutes=61)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            sweeping.sweep()
        order.refresh_from_db()
        assert (order.state, Payment.objects.get().state) == (OrderState.CANCELED, PaymentState.EXPIRED)

    def test_an_expired_notice_after_payment_changes_nothing(self, reader, book):
        order = buy(reader, book)
        save(stored_session(order.payments.get().session_id), status="expired")
        settlement.settle_session(session_id=order.payments.get().session_id)
        order.refresh_from_db()
        assert order.state == OrderState.PAID

    def test_o6_bank_debit_waits_and_then_fails(self, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        pay_session(session_id, card="debit_fails")
        deliver_all()
        order.refresh_from_db()
        assert order.state == OrderState.OPEN
        save(stored_session(session_id), _settles_at=now_seconds())
        paying.settle_later_payments()
        deliver_all()
        order.refresh_from_db()
        assert (order.state, Payment.objects.get().state) == (OrderState.CANCELED, PaymentState.FAILED)
        assert not Entitlement.objects.exists()

    def test_o6_bank_debit_waits_and_then_pays(self, reader, book):
        order = place_order(reader, book)
        session_id = open_page(order)
        pay_session(session_id, card="debit")
        deliver_all()
        save(stored_session(session_id), _settles_at=now_seconds())
        paying.settle_later_payments()
        deliver_all()
        order.refresh_from_db()
        assert order.state == OrderState.PAID


class TestReceipt:
    def test_is_mailed_once_after_commit(self, reader, book, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            order = buy(reader, book)
        assert mails.mail_receipt(order_id=order.pk) is False
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
        assert mails.mail_receipt(order_id=place_order(reader, book).pk) is False
        assert mail.outbox == []

    def test_a_mail_server_that_is_down_leaves_it_to_the_sweeper(
        self, reader, book, monkeypatch, django_capture_on_commit_callbacks
    ):
        order = buy(reader, book)

        def down(*args, **kwargs):
            raise OSError("no route")

        with monkeypatch.context() as patch, pytest.raises(OSError, match="no route"):
            patch.setattr(mails.EmailMultiAlternatives, "send", down)
            mails.mail_receipt(order_id=order.pk)
        with (
            clock.frozen(clock.now() + timedelta(minutes=2)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            sweeping.sweep()
        assert len(mail.outbox) == 1


class TestLearnFee:
    def test_books_a_fee_that_was_not_known_at_first(self, reader, book):
        order = buy(reader, book)
        Payment.objects.update(processor_fee_minor=None)
        settlement.learn_fee(payment_id=order.payments.get().pk)
        assert Payment.objects.get().processor_fee_minor == 44


class TestRefundOfANeedlessPayment:
    def test_tells_the_reader_that_the_books_stay(self, reader, book, django_capture_on_commit_callbacks):
        order = buy(reader, book)
        refund = Refund.objects.create(
            payment=order.payments.get(), amount_minor=499, currency="USD", requested_at=clock.now()
        )
        needless.record_payment(
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
