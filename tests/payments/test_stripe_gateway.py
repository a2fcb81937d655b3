"""The gateway over the SDK's client over the sandbox, every request held against the SDK's types."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.money import Money
from payments.gateway import GatewayRefused, GatewayUnknown
from payments.models import FaultKind, SandboxBalance, SandboxBalanceTransaction, SandboxObject
from payments.stripe.sandbox import accounts, faults, payment_page
from payments.stripe.sandbox.cards import CARDS


def objects(kind):
    return SandboxObject.objects.filter(kind=kind).count()


class TestOpenCheckout:
    def test_gives_a_page_to_pay_on(self, open_session):
        session = open_session()
        assert (session.status, session.payment_status, session.total) == ("open", "unpaid", Money(499, "USD"))
        assert session.reference == "ord_1"
        assert session.url == f"http://testserver/payments/sandbox/pay/{session.session_id}/"

    def test_same_key_gives_the_same_session(self, open_session):
        expires_at = clock.now() + timedelta(hours=1)
        assert open_session(expires_at=expires_at).session_id == open_session(expires_at=expires_at).session_id
        assert objects("checkout.session") == 1

    def test_p6_same_key_with_other_parameters_is_unknown(self, open_session):
        open_session(amount_minor=499)
        with pytest.raises(GatewayUnknown):
            open_session(amount_minor=500)
        assert objects("checkout.session") == 1

    def test_refuses_an_amount_below_the_minimum(self, open_session):
        with pytest.raises(GatewayRefused) as refused:
            open_session(amount_minor=49)
        assert refused.value.code == "amount_too_small"

    def test_refuses_a_session_that_would_last_too_long(self, open_session):
        with pytest.raises(GatewayRefused):
            open_session(expires_at=clock.now() + timedelta(days=2))

    def test_a_refused_request_may_be_corrected_under_the_same_key(self, open_session):
        with pytest.raises(GatewayRefused):
            open_session(amount_minor=49)
        assert open_session(amount_minor=50).total == Money(50, "USD")

    def test_expired_session_cannot_be_paid(self, gateway, open_session):
        session = open_session()
        gateway.expire_checkout(key="expire:1", session_id=session.session_id)
        assert gateway.fetch_checkout(session_id=session.session_id).status == "expired"
        with pytest.raises(payment_page.SessionClosed):
            payment_page.pay(session_id=session.session_id, card=CARDS["us"], country="US")

    def test_session_expires_by_itself(self, gateway, open_session):
        session = open_session()
        with clock.frozen(clock.now() + timedelta(hours=2)):
            assert gateway.fetch_checkout(session_id=session.session_id).status == "expired"


class TestFaults:
    def test_a_lost_page_is_found_under_its_key(self, open_session):
        expires_at = clock.now() + timedelta(hours=1)
        faults.arm(FaultKind.LOST_AFTER, "/v1/checkout/sessions", times=3)
        with pytest.raises(GatewayUnknown):
            open_session(expires_at=expires_at)
        open_session(expires_at=expires_at)
        assert objects("checkout.session") == 1


class TestFetchPayment:
    def test_tells_amount_fee_and_card(self, gateway, paid_payment):
        payment = gateway.fetch_payment(payment_id=paid_payment())
        assert payment.succeeded
        assert payment.amount == Money(499, "USD")
        assert payment.processor_fee == Money(44, "USD")  # 2.9 % of 4.99, and 0.30
        assert payment.card_country == "US"

    def test_card_from_abroad_costs_more(self, gateway, paid_payment):
        payment = gateway.fetch_payment(payment_id=paid_payment(card="de"))
        assert payment.processor_fee == Money(52, "USD")
        assert payment.card_country == "DE"

    def test_bank_debit_is_not_paid_yet(self, gateway, paid_payment):
        payment = gateway.fetch_payment(payment_id=paid_payment(card="debit"))
        assert (payment.succeeded, payment.processor_fee) == (False, None)

    def test_refuses_unknown_payment(self, gateway):
        with pytest.raises(GatewayRefused) as refused:
            gateway.fetch_payment(payment_id="pi_none")
        assert refused.value.code == "resource_missing"


class TestRefund:
    def test_gives_back_and_keeps_the_fee(self, gateway, paid_payment):
        payment = paid_payment()
        assert gateway.refund(key="refund:rfd_1", payment_id=payment, amount=Money(499, "USD")).status == "succeeded"
        assert SandboxBalance.objects.get(currency="USD").available_minor == -44

    def test_r2_refuses_more_than_the_rest(self, gateway, paid_payment):
        payment = paid_payment()
        gateway.refund(key="refund:rfd_1", payment_id=payment, amount=Money(400, "USD"))
        with pytest.raises(GatewayRefused) as refused:
            gateway.refund(key="refund:rfd_2", payment_id=payment, amount=Money(100, "USD"))
        assert refused.value.code == "amount_too_large"

    def test_r7_partial_to_the_last_cent(self, gateway, paid_payment):
        payment = paid_payment()
        for number, amount in enumerate((400, 98, 1)):
            gateway.refund(key=f"refund:{number}", payment_id=payment, amount=Money(amount, "USD"))
        with pytest.raises(GatewayRefused) as refused:
            gateway.refund(key="refund:9", payment_id=payment, amount=Money(1, "USD"))
        assert refused.value.code == "charge_already_refunded"


class TestTransfer:
    def test_t1_refuses_what_the_balance_does_not_hold(self, gateway, paid_payment, ready_account):
        assert paid_payment()  # 499 - 44 arrive
        with pytest.raises(GatewayRefused) as refused:
            gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(456, "USD"), group="pot_1")
        assert refused.value.code == "balance_insufficient"
        assert gateway.transfer(key="transfer:2", account_id=ready_account, amount=Money(455, "USD"), group="pot_1")
        assert SandboxBalance.objects.get(currency="USD").available_minor == 0

    def test_a_kept_refusal_is_repeated(self, gateway, paid_payment, ready_account):
        give = {"key": "transfer:1", "account_id": ready_account, "amount": Money(455, "USD"), "group": "pot_1"}
        with pytest.raises(GatewayRefused):
            gateway.transfer(**give)
        paid_payment()
        with pytest.raises(GatewayRefused):
            gateway.transfer(**give)
        assert gateway.transfer(**give | {"key": "transfer:2"})

    def test_t3_refuses_a_payee_that_may_not_receive(self, gateway, paid_payment, ready_account):
        accounts.set_capability(account_id=ready_account, status="restricted")
        paid_payment()
        with pytest.raises(GatewayRefused) as refused:
            gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(100, "USD"), group="pot_1")
        assert refused.value.code == "insufficient_capabilities_for_transfer"

    def test_lost_answer_moves_money_once(self, gateway, paid_payment, ready_account):
        paid_payment()
        give = {"key": "transfer:1", "account_id": ready_account, "amount": Money(100, "USD"), "group": "pot_1"}
        faults.arm(FaultKind.LOST_AFTER, "/v1/transfers", times=3)
        with pytest.raises(GatewayUnknown):
            gateway.transfer(**give)
        assert gateway.transfer(**give) == gateway.find_transfer(group="pot_1")
        assert SandboxBalance.objects.get(currency="USD").available_minor == 455 - 100

    def test_finds_nothing_for_an_unused_group(self, gateway):
        assert gateway.find_transfer(group="pot_none") is None


class TestAccounts:
    def test_new_payee_is_not_ready(self, gateway):
        account = gateway.open_account(key="acct:con_1:1", reference="con_1", email="a@example.org", country="DE")
        assert (account.is_ready, account.country) == (False, "DE")

    def test_same_key_opens_one_account(self, gateway):
        give = {"key": "acct:con_1:1", "reference": "con_1", "email": "a@example.org", "country": "DE"}
        assert gateway.open_account(**give) == gateway.open_account(**give)

    def test_ready_after_onboarding(self, gateway, ready_account):
        assert gateway.fetch_account(account_id=ready_account).is_ready

    def test_onboarding_has_an_address(self, gateway, ready_account):
        url = gateway.onboarding_url(
            account_id=ready_account, return_url="http://testserver/back/", refresh_url="http://testserver/again/"
        )
        assert url.startswith("http://testserver/payments/sandbox/onboard/alnk_")


class TestBalanceChanges:
    def test_lists_every_movement_over_several_pages(self, gateway, paid_payment):
        payment = paid_payment(amount_minor=50_000)
        for number in range(120):
            gateway.refund(key=f"refund:{number}", payment_id=payment, amount=Money(1, "USD"))
        since, until = clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1)
        changes = list(gateway.balance_changes(since=since, until=until))
        assert len(changes) == SandboxBalanceTransaction.objects.count() == 121
        balance = sum(change.amount.amount_minor - change.fee.amount_minor for change in changes)
        assert balance == SandboxBalance.objects.get(currency="USD").available_minor

    def test_leaves_out_other_times(self, gateway, paid_payment):
        paid_payment()
        since = clock.now() + timedelta(hours=1)
        assert list(gateway.balance_changes(since=since, until=since + timedelta(hours=1))) == []


@pytest.mark.django_db(transaction=True)
class TestOutsideOfTransactions:
    def test_refuses_a_call_inside_a_transaction(self, sdk):
        from django.db import transaction

        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            sdk.v1.refunds.create({"payment_intent": "pi_1"}, {"idempotency_key": "k"})
