"""Giving back: who may, until when, how often, and what the books say afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import AuditEntry
from common import clock
from common.errors import NotFound
from common.money import Money
from payments.gateway import GatewayUnknown
from payments.models import FaultKind, SandboxBalance, SandboxObject, SandboxRequest
from payments.services import gateway
from payments.stripe.sandbox import faults
from payments.stripe.sandbox import refunds as provider_refunds
from payments.stripe.sandbox.resources import save
from royalties.models import SaleRecord, SaleState
from storefront.checkout import permissions, retry_stuck
from storefront.checkout.errors import RefundDecided, RefundNotPossible
from storefront.checkout.models import Entitlement, Refund, RefundOrigin, RefundState
from storefront.checkout.refunds import services as refunds
from storefront.library.selectors import library
from storefront.library.services import downloads
from tests.factories.accounts import make_author, make_finance, make_reader
from tests.factories.buying import buy, make_book, place_order
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree, balance

pytestmark = pytest.mark.django_db


def request(reader, line, at=None):
    return refunds.request_refund(actor=reader, line=line, reason="", at=at or clock.now())


class TestReadingMeanwhile:
    def test_ends_when_the_money_is_asked_back(self, reader, book):
        line = buy(reader, book).lines.get()
        assert permissions.may_read(reader, book.work)
        request(reader, line)
        assert Entitlement.objects.get().ended_at is None, "the provider has not answered"
        assert not permissions.may_read(reader, book.work)
        assert library.library_of(reader) == []

    def test_goes_on_when_it_does_not_come_back(self, reader, book):
        line = buy(reader, book).lines.get()
        request(reader, line)
        Refund.objects.update(state=RefundState.FAILED)
        assert permissions.may_read(reader, book.work)

    def test_a_link_of_before_opens_nothing(self, reader, book):
        line = buy(reader, book).lines.get()
        artifact = book.job.artifacts.get(kind="epub")
        link = downloads.download_link(actor=reader, work_id=book.work.public_id, artifact_id=artifact.public_id)
        request(reader, line)
        with pytest.raises(NotFound):
            downloads.open_link(actor=reader, token=link.rstrip("/").rpartition("/")[2], address=None)


class TestRequestRefund:
    def test_refuses_a_stranger(self, reader, book):
        line = buy(reader, book).lines.get()
        for stranger in (make_reader(), make_author(), make_finance(), book.work.owner):
            with pytest.raises(RefundNotPossible):
                request(stranger, line)
        assert not Refund.objects.exists()

    def test_refuses_after_the_window(self, reader, book):
        line = buy(reader, book).lines.get()
        with pytest.raises(RefundNotPossible):
            request(reader, line, clock.now() + timedelta(days=15))
        assert request(reader, line, clock.now() + timedelta(days=15, seconds=-1))

    def test_refuses_an_order_that_was_not_paid(self, reader, book):
        with pytest.raises(RefundNotPossible):
            request(reader, place_order(reader, book).lines.get())

    def test_refuses_a_free_book(self, reader):
        with pytest.raises(RefundNotPossible):
            request(reader, buy(reader, make_book(prices={"USD": 0})).lines.get())

    def test_asking_twice_is_one_refund(self, reader, book):
        line = buy(reader, book).lines.get()
        assert request(reader, line) == request(reader, line)
        assert Refund.objects.count() == 1

    def test_a_stranger_does_not_get_to_see_somebody_elses_refund(self, reader, book):
        line = buy(reader, book).lines.get()
        request(reader, line)
        with pytest.raises(RefundNotPossible):
            request(make_reader(), line)

    def test_nothing_ends_before_the_provider_said_yes(self, reader, book):
        request(reader, buy(reader, book).lines.get())
        assert Entitlement.objects.get().ended_at is None
        assert SaleRecord.objects.get().state != SaleState.REFUNDED


class TestSendRefund:
    @pytest.fixture
    def refund(self, reader, book):
        return request(reader, buy(reader, book).lines.get())

    def test_money_entitlement_and_books_together(self, refund, django_capture_on_commit_callbacks):
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            assert refunds.send_refund(refund_id=refund.pk) == RefundState.SUCCEEDED
        assert SandboxBalance.objects.get().available_minor == -44
        assert Entitlement.objects.get().ended_at == clock.now()
        assert SaleRecord.objects.get().state == SaleState.REFUNDED
        assert "no longer in your library" in mail.outbox[0].body
        assert len(mail.outbox) == 1

    def test_p9_delivered_twice_is_once(self, refund):
        for _ in range(3):
            refunds.send_refund(refund_id=refund.pk)
        assert SandboxObject.objects.filter(kind="refund").count() == 1

    def test_p4_lost_answer_is_found_again_under_the_key(self, refund):
        faults.arm(FaultKind.LOST_AFTER, "/v1/refunds", times=3)
        with pytest.raises(GatewayUnknown):
            refunds.send_refund(refund_id=refund.pk)
        refund.refresh_from_db()
        assert refund.state == RefundState.PENDING
        assert refunds.send_refund(refund_id=refund.pk) == RefundState.SUCCEEDED
        assert SandboxBalance.objects.get().available_minor == -44

    def test_p8_a_forgotten_key_does_not_pay_twice(self, reader, book):
        lines = list(buy(reader, book, make_book(prices={"USD": 1999})).lines.order_by("pk"))
        refund = request(reader, lines[0])
        faults.arm(FaultKind.LOST_AFTER, "/v1/refunds", times=3)
        with pytest.raises(GatewayUnknown):
            refunds.send_refund(refund_id=refund.pk)
        SandboxRequest.objects.all().delete()
        with clock.frozen(clock.now() + timedelta(hours=24)):
            assert refunds.send_refund(refund_id=refund.pk) == RefundState.SUCCEEDED
        assert SandboxObject.objects.filter(kind="refund").count() == 1

    def test_p3_the_sweeper_asks_again(self, refund, django_capture_on_commit_callbacks):
        with (
            clock.frozen(clock.now() + timedelta(minutes=2)),
            django_capture_on_commit_callbacks(execute=True),
        ):
            retry_stuck.retry_stuck()
        refund.refresh_from_db()
        assert refund.state == RefundState.SUCCEEDED

    def test_a_refusal_is_final_and_may_be_asked_for_again(self, refund, reader):
        refund.payment.provider_payment_id = "pi_none"
        refund.payment.save()
        assert refunds.send_refund(refund_id=refund.pk) == RefundState.FAILED
        assert AuditEntry.objects.filter(verb="refund.failed").count() == 1
        assert Entitlement.objects.get().ended_at is None
        assert request(reader, refund.line).pk != refund.pk

    def test_one_line_of_two(self, reader, book):
        order = buy(reader, book, make_book(prices={"USD": 999}))
        first, second = order.lines.order_by("pk")
        refunds.send_refund(refund_id=request(reader, first).pk)
        assert list(Entitlement.objects.filter(ended_at=None).values_list("line", flat=True)) == [second.pk]

    def test_every_line_of_an_order_in_turn(self, reader, book):
        order = buy(reader, book, make_book(prices={"USD": 999}), make_book(prices={"USD": 99}))
        for line in order.lines.all():
            assert refunds.send_refund(refund_id=request(reader, line).pk) == RefundState.SUCCEEDED
        assert not Entitlement.objects.filter(ended_at=None).exists()
        assert sum(row.data["amount"] for row in SandboxObject.objects.filter(kind="refund")) == order.total_minor

    def test_the_book_may_be_bought_again(self, refund, reader, book):
        refunds.send_refund(refund_id=refund.pk)
        assert buy(reader, book).state == "paid"
        assert Entitlement.objects.filter(ended_at=None).count() == 1


class TestReports:
    def test_our_own_refund_is_recognised(self, reader, book):
        refund = request(reader, buy(reader, book).lines.get())
        refunds.send_refund(refund_id=refund.pk)
        deliver_all()
        assert not AuditEntry.objects.filter(verb="refund.made_elsewhere").exists()

    def test_a_report_before_our_own_answer_completes_the_refund(self, reader, book):
        refund = request(reader, buy(reader, book).lines.get())
        faults.arm(FaultKind.LOST_AFTER, "/v1/refunds", times=3)
        with pytest.raises(GatewayUnknown):
            refunds.send_refund(refund_id=refund.pk)
        deliver_all()
        refund.refresh_from_db()
        assert refund.state == RefundState.SUCCEEDED

    def test_r3_refund_made_in_the_provider_s_pages_is_booked(self, reader, book):
        order = buy(reader, book, make_book(prices={"USD": 1001}))
        payment = order.payments.get()
        gateway().refund(key="dashboard", payment_id=payment.provider_payment_id, amount=Money(500, "USD"))
        deliver_all()
        deliver_all()
        adopted = Refund.objects.filter(origin=RefundOrigin.PROVIDER)
        assert sum(adopted.values_list("amount_minor", flat=True)) == 500
        assert AuditEntry.objects.filter(verb="refund.made_elsewhere", subject_id=payment.public_id).count() == 1
        assert Entitlement.objects.filter(ended_at=None).count() == 2
        assert_balances_agree()

    def test_r3_the_whole_payment_ends_every_right_to_read(self, reader, book):
        order = buy(reader, book, make_book(prices={"USD": 1001}))
        payment = order.payments.get()
        gateway().refund(key="dashboard", payment_id=payment.provider_payment_id, amount=_money(order))
        deliver_all()
        assert not Entitlement.objects.filter(ended_at=None).exists()
        assert_balances_agree()

    def test_r4_refund_that_fails_later_is_still_owed(self, reader, book):
        refund = request(reader, buy(reader, book).lines.get())
        refunds.send_refund(refund_id=refund.pk)
        provider_refunds.fail_refund(SandboxObject.objects.get(kind="refund").object_id)
        deliver_all()
        deliver_all()
        refund.refresh_from_db()
        assert refund.state == RefundState.RETURNED
        assert balance("refund_pending") == 499
        assert_balances_agree()
        refunds.resend_by_bank(actor=make_finance(), refund=refund, bank_reference="SEPA 4711", at=clock.now())
        assert balance("refund_pending") == 0
        with pytest.raises(RefundDecided):
            refunds.resend_by_bank(actor=make_finance(), refund=refund, bank_reference="SEPA 4711", at=clock.now())

    def test_pending_refund_is_decided_by_how_it_stands_now(self, reader, book):
        refund = request(reader, buy(reader, book).lines.get())
        answer = gateway().refund(
            key=f"refund:{refund.public_id}",
            payment_id=refund.payment.provider_payment_id,
            amount=_money(refund.payment.order),
        )
        Refund.objects.update(provider_refund_id=answer.refund_id)
        save(SandboxObject.objects.get(kind="refund"), status="failed")
        assert refunds.send_refund(refund_id=refund.pk) == RefundState.FAILED
        assert Entitlement.objects.get().ended_at is None


def _money(order):
    return Money(order.total_minor, order.currency)
