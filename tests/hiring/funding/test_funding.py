"""Payments, refunds and disputes of milestones through the real events of the simulated provider.

O1 to O8, R3 and R4 of docs/money.md, as far as a milestone can meet them.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from common import clock
from common.errors import NotAllowed
from hiring.funding import hooks, services
from hiring.funding.errors import AlreadyPaid, NotPaid, RefundDecided, TooManyUnpaidPages
from hiring.funding.models import BankDispute, MilestonePayment, MilestoneRefund
from hiring.funding.services import refunds as refund_services
from payments.gateway import GatewayUnknown
from payments.models import FaultKind, ProviderEvent
from payments.registry import NotYetKnown
from payments.services import gateway
from payments.stripe.sandbox import disputes as bank
from payments.stripe.sandbox import faults, radar
from payments.stripe.sandbox import refunds as provider_refunds
from royalties.models import JournalEntry
from royalties.selectors import milestones as positions
from tests.factories import buying
from tests.factories.accounts import make_finance, make_reader
from tests.hiring.funding.paying import (
    REFERENCE,
    charge_of,
    held,
    make_contract,
    page,
    pay,
    send_refunds,
    session_of,
    settle,
    usd,
)
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree, balance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hooks_as_before():
    before = [list(each) for each in (hooks._paid, hooks._refunded, hooks._disputed)]
    yield
    hooks._paid[:], hooks._refunded[:], hooks._disputed[:] = before


@pytest.fixture
def contract():
    return make_contract()


@pytest.fixture
def paid(contract):
    pay(contract)
    return MilestonePayment.objects.get()


class TestPaying:
    def test_holds_the_money_and_tells_the_contract(self, contract, paid):
        assert contract.heard == [("paid", REFERENCE)]
        assert held() == 50_000
        assert paid.state == "succeeded"
        assert JournalEntry.objects.get(kind="processor_fee").reference == REFERENCE
        assert_balances_agree()

    def test_o1_a_double_click_is_one_page(self, contract):
        assert page(contract) == page(contract)
        assert MilestonePayment.objects.count() == 1

    def test_o3_two_pages_both_paid_and_the_second_is_returned(self, contract):
        first = page(contract)
        MilestonePayment.objects.update(expires_at=clock.now())  # too old to be offered again, and still open
        second = page(contract)
        assert first != second
        for url in (first, second):
            buying.pay_session(session_of(url))
        deliver_all()
        send_refunds()
        assert sorted(MilestonePayment.objects.values_list("state", flat=True)) == ["succeeded", "unneeded"]
        assert held() == 50_000
        assert MilestoneRefund.objects.get().state == "succeeded"
        assert balance("refund_pending") == 0
        assert_balances_agree()

    def test_o5_another_amount_is_returned(self, contract):
        url = page(contract)
        MilestonePayment.objects.update(amount_minor=40_000)
        buying.pay_session(session_of(url))
        deliver_all()
        send_refunds()
        assert contract.heard == []
        assert MilestonePayment.objects.get().state == "unneeded"
        assert balance("refund_pending") == 0
        assert_balances_agree()

    def test_an_expired_page_is_not_paid(self, contract):
        session_id = session_of(page(contract))
        gateway().expire_checkout(key="expire:x", session_id=session_id)
        deliver_all()
        assert MilestonePayment.objects.get().state == "expired"
        assert contract.heard == []

    def test_the_client_who_comes_back_first_sees_it_paid(self, contract):
        buying.pay_session(session_of(page(contract)))
        services.refresh_payment(reference=REFERENCE)
        assert held() == 50_000
        deliver_all()
        assert contract.heard == [("paid", REFERENCE)]

    def test_refuses_to_pay_again(self, contract, paid):
        with pytest.raises(AlreadyPaid):
            page(contract)

    def test_refuses_anybody_but_the_payer(self, contract):
        with pytest.raises(NotAllowed):
            services.start_payment(
                actor=contract.provider,
                reference=REFERENCE,
                payer=contract.client,
                title="x",
                amount=usd(5_000),
                return_url="https://shop.example/",
                at=clock.now(),
            )

    def test_refuses_page_after_page(self, contract, settings):
        settings.MAX_UNPAID_CHECKOUTS = 2
        page(contract, "mst_1")
        page(contract, "mst_2")
        with pytest.raises(TooManyUnpaidPages):
            page(contract, "mst_3")

    def test_waits_until_somebody_can_book_it(self, contract):
        hooks._paid.clear()
        url = page(contract)
        buying.pay_session(session_of(url))
        deliver_all()
        assert MilestonePayment.objects.get().state == "pending"
        parked = ProviderEvent.objects.get(event_type="checkout.session.completed")
        assert parked.state == "parked"
        contract.listen()
        ProviderEvent.objects.update(next_attempt_at=clock.real_now())
        deliver_all()
        assert held() == 50_000


class TestRouting:
    def test_a_book_and_a_milestone_share_the_events(self, contract):
        pay(contract)
        buying.buy(make_reader(email="other@example.org"), buying.make_book())
        deliver_all()
        assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"processed"}
        assert_balances_agree()

    def test_what_nobody_knows_is_parked(self, contract):
        pay(contract)
        MilestoneRefund.objects.all().delete()
        payment_id = MilestonePayment.objects.get().provider_payment_id
        MilestonePayment.objects.update(provider_payment_id="pi_other")
        provider_refunds.create_refund({"payment_intent": payment_id, "amount": 10_000})
        deliver_all()
        assert set(ProviderEvent.objects.filter(event_type="refund.created").values_list("state", flat=True)) == {
            "parked"
        }

    def test_a_session_of_somebody_else_is_not_known(self, contract):
        with pytest.raises(NotYetKnown):
            services.settle_session(session_id="cs_unknown")


class TestRefunds:
    def test_are_sent_and_booked(self, contract, paid):
        settle(30_000, 20_000)
        send_refunds()
        deliver_all()
        refund = MilestoneRefund.objects.get()
        assert refund.state == "succeeded"
        assert ("refunded", REFERENCE, "200.00 USD") in contract.heard
        assert balance("refund_pending") == 0
        assert_balances_agree()

    def test_are_sent_again_when_the_answer_is_lost(self, contract, paid):
        faults.arm(FaultKind.LOST_AFTER, "/v1/refunds", times=3)
        settle(30_000, 20_000)
        with pytest.raises(GatewayUnknown):
            send_refunds()
        refund = MilestoneRefund.objects.get()
        assert refund.state == "pending"
        services.send_refund(refund_id=refund.pk)
        refund.refresh_from_db()
        assert refund.state == "succeeded"
        assert_balances_agree()

    def test_r3_one_from_the_dashboard_that_nobody_decided_is_our_loss(self, contract, paid):
        provider_refunds.create_refund({"payment_intent": paid.provider_payment_id, "amount": 10_000})
        deliver_all()
        assert MilestoneRefund.objects.get().is_ours is False
        assert balance("bad_debt") == 10_000
        assert held() == 50_000
        assert_balances_agree()

    def test_r4_that_fail_later_are_owed_until_finance_sends_them(self, contract, paid):
        settle(30_000, 20_000)
        send_refunds()
        provider_refunds.fail_refund(MilestoneRefund.objects.get().provider_refund_id)
        deliver_all()
        refund = MilestoneRefund.objects.get()
        assert refund.state == "returned"
        assert balance("refund_pending") == 20_000
        assert_balances_agree()
        with pytest.raises(NotAllowed):
            services.resend_by_bank(actor=contract.client, refund=refund, bank_reference="T1", at=clock.now())
        services.resend_by_bank(actor=make_finance(), refund=refund, bank_reference="T1", at=clock.now())
        assert balance("refund_pending") == 0
        with pytest.raises(RefundDecided):
            services.resend_by_bank(actor=make_finance(), refund=refund, bank_reference="T1", at=clock.now())

    def test_refuses_what_was_never_paid(self, contract):
        with pytest.raises(NotPaid):
            services.request_refund(reference="mst_no", amount=usd(1), reason="", at=clock.now())

    def test_a_refused_one_is_asked_for_again_the_next_day(self, contract, paid):
        faults.arm(FaultKind.BALANCE_INSUFFICIENT, "/v1/refunds")
        settle(30_000, 20_000)
        send_refunds()
        refund = MilestoneRefund.objects.get()
        assert refund.state == "failed"
        assert not refund_services.retry_failed(refund_id=refund.pk, at=clock.now())
        assert refund_services.retry_failed(refund_id=refund.pk, at=clock.now() + timedelta(days=2))
        send_refunds()
        assert MilestoneRefund.objects.latest("pk").state == "succeeded"
        assert balance("refund_pending") == 0


class TestDisputes:
    def test_while_held_nothing_moves_and_a_loss_takes_it(self, contract, paid):
        dispute = bank.open_dispute(charge_of(paid.provider_payment_id))
        deliver_all()
        assert contract.heard[-1] == ("opened", REFERENCE)
        bank.decide_dispute(dispute["id"], "lost")
        deliver_all()
        assert contract.heard[-1] == ("lost", REFERENCE)
        assert held() == 0
        assert BankDispute.objects.get().outcome == "lost"
        assert_balances_agree()

    def test_won_goes_on(self, contract, paid):
        dispute = bank.open_dispute(charge_of(paid.provider_payment_id))
        deliver_all()
        bank.decide_dispute(dispute["id"], "won")
        deliver_all()
        assert contract.heard[-1] == ("won", REFERENCE)
        settle(50_000, 0)
        assert_balances_agree()

    def test_after_the_release_the_provider_bears_it(self, contract, paid):
        settle(50_000, 0)
        dispute = bank.open_dispute(charge_of(paid.provider_payment_id))
        deliver_all()
        bank.decide_dispute(dispute["id"], "lost")
        deliver_all()
        found = positions.position(REFERENCE)
        assert found is not None
        assert (found.released, found.fee, found.returned) == (usd(0), usd(0), usd(50_000))
        assert_balances_agree()

    def test_an_inquiry_moves_nothing(self, contract, paid):
        bank.open_dispute(charge_of(paid.provider_payment_id), is_inquiry=True)
        deliver_all()
        assert contract.heard == [("paid", REFERENCE)]
        assert held() == 50_000

    def test_a_refund_waits_for_the_bank_and_is_canceled_when_it_took_the_money(self, contract, paid):
        settle(0, 50_000)
        dispute = bank.open_dispute(charge_of(paid.provider_payment_id))
        deliver_all()
        refund = MilestoneRefund.objects.get()
        assert services.send_refund(refund_id=refund.pk) == "pending"
        bank.decide_dispute(dispute["id"], "lost")
        deliver_all()
        send_refunds()
        refund.refresh_from_db()
        assert refund.state == "canceled"
        assert balance("refund_pending") == balance("bad_debt") == 0
        assert_balances_agree()

    def test_a_refund_goes_on_when_the_bank_decided_for_us(self, contract, paid):
        settle(0, 50_000)
        dispute = bank.open_dispute(charge_of(paid.provider_payment_id))
        deliver_all()
        bank.decide_dispute(dispute["id"], "won")
        deliver_all()
        send_refunds()
        assert MilestoneRefund.objects.get().state == "succeeded"
        assert_balances_agree()


class TestFraudWarnings:
    def test_are_on_record_and_send_nothing_back(self, contract, paid):
        radar.warn_of_fraud(charge_of(paid.provider_payment_id))
        deliver_all()
        assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"processed"}
        assert AuditEntry.objects.filter(verb="milestone_payment.warned").count() == 1
        assert held() == 50_000
        assert not MilestoneRefund.objects.exists()
