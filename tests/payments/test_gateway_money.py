"""Currencies our balance does not have, refunds that come back, reversals, and the balance itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from common import clock
from common.money import Money
from payments import sandbox_events
from payments.errors import SimulationRefused
from payments.gateway import CheckoutLine, GatewayRefused
from payments.models import SandboxBalance, SandboxEvent
from payments.stripe.sandbox import due, payment_page
from payments.stripe.sandbox.cards import CARDS


def only_charge(gateway, payment_id):
    return gateway.fetch_payment(payment_id=payment_id).charge_id


def balance(currency="USD"):
    return SandboxBalance.objects.get(currency=currency).available_minor


class TestConversion:
    @pytest.mark.parametrize(
        ("amount", "rate", "settled", "fee"),
        [
            (Money(750, "JPY"), "0.0067", 503, 18),  # 750 yen: no minor unit
            (Money(1500, "KWD"), "3.26", 489, 44),  # 1.500 dinar: three places
            (Money(1000, "CHF"), "1.25", 1250, 66),
        ],
    )
    def test_t07_is_converted_by_its_own_exponent(self, gateway, paid_payment, *, amount, rate, settled, fee):
        payment = gateway.fetch_payment(
            payment_id=paid_payment(amount_minor=amount.amount_minor, currency=amount.currency)
        )
        assert payment.amount == amount
        assert (payment.settled, payment.processor_fee) == (Money(settled, "USD"), Money(fee, "USD"))
        (change,) = gateway.balance_changes(since=clock.now(), until=clock.now() + timedelta(hours=1))
        assert (change.amount, change.exchange_rate) == (Money(settled, "USD"), Decimal(rate))
        assert gateway.fetch_balance_change(change_id=change.change_id) == change

    @pytest.mark.parametrize("currency", ["USD", "EUR", "GBP"])
    def test_our_own_currencies_stay(self, gateway, paid_payment, currency):
        payment = gateway.fetch_payment(payment_id=paid_payment(currency=currency))
        assert payment.settled == Money(499, currency)
        (change,) = gateway.balance_changes(since=clock.now(), until=clock.now() + timedelta(hours=1))
        assert change.exchange_rate is None

    def test_the_balance_s_currencies_are_a_setting(self, gateway, paid_payment, settings):
        settings.SANDBOX_BALANCE_CURRENCIES = ("EUR",)
        payment = gateway.fetch_payment(payment_id=paid_payment(amount_minor=1160, currency="USD"))
        assert payment.settled == Money(1000, "EUR")

    def test_t09_a_refund_is_converted_at_its_own_day_s_rate(self, gateway, paid_payment):
        payment_id = paid_payment(amount_minor=1000, currency="JPY")
        sandbox_events.set_rate(currency="JPY", rate=Decimal("0.0080"))
        refund = gateway.refund(key="refund:rfd_1", payment_id=payment_id, amount=Money(1000, "JPY"))
        assert gateway.fetch_payment(payment_id=payment_id).settled == Money(670, "USD")
        assert (refund.amount, refund.settled) == (Money(1000, "JPY"), Money(800, "USD"))
        assert balance() == 670 - 24 - 800

    def test_a_rate_does_not_work_backwards(self, gateway, paid_payment):
        with clock.frozen(clock.now() + timedelta(days=1)):
            sandbox_events.set_rate(currency="JPY", rate=Decimal("0.0080"))
        payment = gateway.fetch_payment(payment_id=paid_payment(amount_minor=1000, currency="JPY"))
        assert payment.settled == Money(670, "USD")

    def test_a_disputed_foreign_payment_is_withdrawn_in_our_currency(self, gateway, paid_payment):
        charge = only_charge(gateway, paid_payment(amount_minor=1000, currency="JPY"))
        sandbox_events.set_rate(currency="JPY", rate=Decimal("0.0080"))
        dispute_id = sandbox_events.open_dispute(charge_id=charge)
        sandbox_events.set_rate(currency="JPY", rate=Decimal("0.0050"))
        sandbox_events.decide_dispute(dispute_id=dispute_id, outcome="won")
        dispute = gateway.fetch_dispute(dispute_id=dispute_id)
        assert dispute.amount == Money(1000, "JPY")
        assert (dispute.withdrawn, dispute.reinstated) == (Money(800, "USD"), Money(800, "USD"))
        assert dispute.fee == Money(1500, "USD")

    def test_nobody_knows_the_currency(self, open_session):
        with pytest.raises(GatewayRefused, match="Invalid currency: xts"):
            open_session(currency="XTS", amount_minor=1000)

    def test_t07_the_last_of_three_places_is_nought(self, gateway, open_session, paid_payment):
        """Card networks take amounts of three places only when they end with a nought."""
        with pytest.raises(GatewayRefused, match="nearest ten"):
            open_session(currency="KWD", amount_minor=1499)
        payment_id = paid_payment(currency="KWD", amount_minor=1500, key="checkout:2:a")
        with pytest.raises(GatewayRefused, match="nearest ten"):
            gateway.refund(key="refund:rfd_1", payment_id=payment_id, amount=Money(499, "KWD"))

    def test_a_rate_is_more_than_nothing(self, db):
        with pytest.raises(SimulationRefused):
            sandbox_events.set_rate(currency="JPY", rate=Decimal(0))


class TestRefunds:
    def test_tells_all_about_a_refund(self, gateway, paid_payment):
        payment_id = paid_payment()
        made = gateway.refund(key="refund:rfd_1", payment_id=payment_id, amount=Money(200, "USD"))
        assert (made.payment_id, made.amount, made.settled) == (payment_id, Money(200, "USD"), Money(200, "USD"))
        assert (made.reference, made.status, made.failure_settled) == ("rfd_1", "succeeded", None)
        assert gateway.fetch_refund(refund_id=made.refund_id) == made
        assert gateway.fetch_payment(payment_id=payment_id).refunded == Money(200, "USD")

    def test_r3_one_made_in_the_provider_s_pages_has_no_reference(self, gateway, paid_payment):
        payment_id = paid_payment()
        charge_id = only_charge(gateway, payment_id)
        sandbox_events.refund_in_dashboard(charge_id=charge_id, amount_minor=100)
        ours = gateway.refund(key="refund:rfd_1", payment_id=payment_id, amount=Money(50, "USD"))
        assert [refund.reference for refund in gateway.refunds_of(payment_id=payment_id)] == ["rfd_1", ""]
        # Looking for ours is not put off by theirs.
        assert gateway.find_refund(key="refund:rfd_1", payment_id=payment_id) == ours
        assert gateway.find_refund(key="refund:rfd_2", payment_id=payment_id) is None

    def test_r4_one_that_fails_later_comes_back(self, gateway, paid_payment):
        payment_id = paid_payment()
        made = gateway.refund(key="refund:rfd_1", payment_id=payment_id, amount=Money(499, "USD"))
        sandbox_events.fail_refund(refund_id=made.refund_id)
        failed = gateway.fetch_refund(refund_id=made.refund_id)
        assert (failed.status, failed.settled, failed.failure_settled) == ("failed", made.settled, Money(499, "USD"))
        assert gateway.fetch_payment(payment_id=payment_id).refunded == Money(0, "USD")
        assert balance() == 455
        assert SandboxEvent.objects.order_by("pk").last().event_type == "refund.failed"
        with pytest.raises(SimulationRefused):
            sandbox_events.fail_refund(refund_id=made.refund_id)
        assert gateway.refund(key="refund:rfd_2", payment_id=payment_id, amount=Money(499, "USD")).status == "succeeded"

    def test_r4_a_failed_foreign_one_brings_back_what_it_took(self, gateway, paid_payment):
        payment_id = paid_payment(amount_minor=1000, currency="JPY")
        made = gateway.refund(key="refund:rfd_1", payment_id=payment_id, amount=Money(1000, "JPY"))
        sandbox_events.set_rate(currency="JPY", rate=Decimal("0.0080"))
        sandbox_events.fail_refund(refund_id=made.refund_id)
        failed = gateway.fetch_refund(refund_id=made.refund_id)
        assert (failed.settled, failed.failure_settled) == (Money(670, "USD"), Money(670, "USD"))

    def test_one_to_a_bank_takes_its_time(self, gateway, paid_payment):
        payment_id = paid_payment(card="debit")
        sandbox_events.settle_payments()
        made = gateway.refund(key="refund:rfd_1", payment_id=payment_id, amount=Money(499, "USD"))
        assert (made.status, made.settled) == ("pending", Money(499, "USD"))
        due.process_due()
        assert gateway.fetch_refund(refund_id=made.refund_id).status == "pending"
        sandbox_events.settle_refunds()
        assert gateway.fetch_refund(refund_id=made.refund_id).status == "succeeded"


class TestReversals:
    @pytest.fixture
    def transfer(self, gateway, paid_payment, ready_account):
        paid_payment()
        return gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(100, "USD"), group="pot_1")

    def test_tells_what_was_moved_and_taken_back(self, gateway, transfer):
        assert (transfer.amount, transfer.reversed) == (Money(100, "USD"), Money(0, "USD"))
        give = {"transfer_id": transfer.transfer_id, "amount": Money(60, "USD"), "reference": "rfd_1"}
        reversal = gateway.reverse_transfer(key="reversal:rfd_1:tr", **give)
        assert reversal.amount == Money(60, "USD")
        assert gateway.reverse_transfer(key="reversal:rfd_1:tr", **give) == reversal
        assert gateway.fetch_transfer(transfer_id=transfer.transfer_id).reversed == Money(60, "USD")
        assert balance() == 455 - 100 + 60

    def test_is_found_by_our_reference(self, gateway, transfer):
        give = {"transfer_id": transfer.transfer_id, "amount": Money(1, "USD")}
        made = [gateway.reverse_transfer(key=f"reversal:{n}", reference=f"rfd_{n}", **give) for n in range(12)]
        assert gateway.find_reversal(transfer_id=transfer.transfer_id, reference="rfd_0") == made[0]
        assert gateway.find_reversal(transfer_id=transfer.transfer_id, reference="rfd_x") is None

    def test_no_more_than_was_given(self, gateway, transfer):
        with pytest.raises(GatewayRefused) as refused:
            gateway.reverse_transfer(
                key="reversal:1", transfer_id=transfer.transfer_id, amount=Money(101, "USD"), reference="rfd_1"
            )
        assert refused.value.code == "amount_too_large"

    def test_nothing_that_left_for_the_payees_bank(self, gateway, transfer):
        sandbox_events.pay_out_accounts()
        with pytest.raises(GatewayRefused) as refused:
            gateway.reverse_transfer(
                key="reversal:1", transfer_id=transfer.transfer_id, amount=Money(1, "USD"), reference="rfd_1"
            )
        assert (refused.value.code, balance()) == ("balance_insufficient", 455 - 100)


class TestBalance:
    def test_tells_every_currency(self, gateway, paid_payment):
        paid_payment()
        paid_payment(currency="EUR", key="checkout:2:a")
        found = gateway.balance()
        assert found.available == {"USD": 455, "EUR": 458, "GBP": 0}
        assert set(found.pending.values()) == {0}

    def test_our_own_payout_names_its_movements(self, gateway, sdk, paid_payment):
        paid_payment()
        payout_id = sandbox_events.pay_out_platform(currency="USD")
        assert gateway.balance().available["USD"] == 0
        rows = sdk.v1.balance_transactions.list({"payout": payout_id}).data
        assert [row.type for row in rows] == ["payout", "charge"]
        assert sum(row.net for row in rows) == 0
        sandbox_events.fail_payout(payout_id=payout_id)
        assert gateway.balance().available["USD"] == 455

    def test_nothing_to_pay_out(self, db):
        with pytest.raises(SimulationRefused):
            sandbox_events.pay_out_platform(currency="USD")


class TestAutomaticTax:
    @pytest.fixture
    def session(self, gateway):
        def opener(*, is_added):
            return gateway.open_checkout(
                key="checkout:ord_1:abc",
                reference="ord_1",
                lines=[CheckoutLine("A Book", Money(1000, "USD"), "lin_1", tax_is_added=is_added)],
                email="reader@example.org",
                success_url="http://testserver/thanks/",
                cancel_url="http://testserver/cart/",
                expires_at=clock.now() + timedelta(hours=1),
                automatic_tax=True,
            )

        return opener

    @pytest.mark.parametrize(
        ("is_added", "country", "tax", "total"),
        [(True, "US", 60, 1060), (True, "CH", 0, 1000), (False, "DE", 65, 1000), (False, "CH", 0, 1000)],
    )
    def test_o5_the_total_rises_by_the_page_s_tax_only(self, gateway, session, *, is_added, country, tax, total):
        opened = session(is_added=is_added)
        assert (opened.subtotal, opened.tax, opened.total) == (Money(1000, "USD"), Money(0, "USD"), Money(1000, "USD"))
        payment_page.pay(session_id=opened.session_id, card=CARDS["us"], country=country)
        paid = gateway.fetch_checkout(session_id=opened.session_id)
        assert (paid.subtotal, paid.tax, paid.total) == (Money(1000, "USD"), Money(tax, "USD"), Money(total, "USD"))
        assert gateway.fetch_payment(payment_id=paid.payment_id).amount == Money(total, "USD")
