"""The panel on which finance lets things happen at the simulated provider."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.money import Money
from payments import sandbox_events
from payments.models import SandboxFault, SandboxObject
from payments.sandbox_views import _HAPPENINGS
from payments.stripe.sandbox import rates
from tests.factories.accounts import make_author, make_finance, make_reader

PANEL = "/payments/sandbox/simulate/"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def finance(client, db):
    client.force_login(make_finance())
    return client


@pytest.fixture
def charge(gateway, paid_payment):
    return gateway.fetch_payment(payment_id=paid_payment()).charge_id


def let(client, verb, **given):
    """Post to a verb and return what the panel says then."""
    answer = client.post(f"{PANEL}{verb}/", given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


class TestAccess:
    @pytest.mark.parametrize("make", [None, make_reader, make_author])
    def test_is_not_there_for_others(self, client, db, make):
        if make:
            client.force_login(make())
        assert client.get(PANEL).status_code == 404
        assert client.post(PANEL + "time/").status_code == 404

    def test_is_not_there_with_a_real_key(self, finance, settings):
        settings.PAYMENTS_SANDBOX = False
        assert finance.get(PANEL).status_code == 404
        assert finance.post(PANEL + "time/").status_code == 404

    def test_staff_need_their_second_factor(self, finance, settings):
        settings.STAFF_SECOND_FACTOR_REQUIRED = True
        assert finance.get(PANEL).status_code == 404

    def test_looking_changes_nothing_and_verbs_are_posted(self, finance):
        assert finance.get(PANEL + "time/").status_code == 405
        assert finance.post(PANEL).status_code == 405

    def test_needs_a_token(self, db):
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_finance())
        assert client.post(PANEL + "time/").status_code == 403

    def test_unknown_verb(self, finance):
        assert finance.post(PANEL + "explode/").status_code == 404


class TestPanel:
    def test_empty(self, finance):
        html = finance.get(PANEL).content.decode()
        assert "No payments yet" in html
        assert "style=" not in html

    def test_everything_on_it_leads_to_a_verb(self, finance, gateway, charge, ready_account):
        sandbox_events.open_dispute(charge_id=charge, is_inquiry=True)
        sandbox_events.refund_in_dashboard(charge_id=charge, amount_minor=100)
        gateway.transfer(key="t:1", account_id=ready_account, amount=Money(50, "USD"), group="pot_1")
        sandbox_events.pay_out_accounts()
        SandboxFault.objects.create(kind="lost_after", path="/v1/refunds", remaining=2)
        html = finance.get(PANEL).content.decode()
        for seen in (
            "ord_1",
            "$4.99",
            "$1.00 refunded",
            "Inquiry: needs response",
            "pot_1",
            "•••• 6789",
            "In transit",
        ):
            assert seen in html
        verbs = set(re.findall(rf'action="{PANEL}([a-z-]+)/"', html))
        assert verbs <= set(_HAPPENINGS)
        assert set(_HAPPENINGS) - verbs == {"activate", "settle-payments", "settle-refunds"}

    def test_asks_as_often_however_much_there_is(self, finance, gateway, charge, ready_account):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                finance.get(PANEL)
            return len(asked)

        def more(number):
            sandbox_events.refund_in_dashboard(charge_id=charge, amount_minor=10)
            sandbox_events.set_rate(currency="JPY", rate=Decimal("0.01"))
            gateway.transfer(key=f"t:{number}", account_id=ready_account, amount=Money(5, "USD"), group=f"pot_{number}")

        more(0)
        queries()
        before = queries()
        for number in range(1, 5):
            more(number)
        assert queries() == before


class TestHappenings:
    def test_dispute_and_decide(self, finance, gateway, charge):
        assert "The payment has been disputed" in let(finance, "dispute", charge_id=charge, reason="fraudulent")
        dispute_id = SandboxObject.objects.get(kind="dispute").object_id
        assert "The bank has decided" in let(finance, "decide", dispute_id=dispute_id, outcome="won")
        assert gateway.fetch_dispute(dispute_id=dispute_id).status == "won"
        assert "does not allow this" in let(finance, "decide", dispute_id=dispute_id, outcome="won")

    def test_inquiry(self, finance, charge):
        let(finance, "dispute", charge_id=charge, reason="general", is_inquiry="on")
        assert SandboxObject.objects.get(kind="dispute").data["status"] == "warning_needs_response"

    @pytest.mark.parametrize(
        ("currency", "given", "minor"), [("USD", "1.5", 150), ("JPY", "150", 150), ("USD", "", 499)]
    )
    def test_refund_in_the_currency_s_own_coins(self, finance, gateway, paid_payment, *, currency, given, minor):
        payment_id = paid_payment(currency=currency)
        charge_id = gateway.fetch_payment(payment_id=payment_id).charge_id
        let(finance, "refund", charge_id=charge_id, currency=currency, amount=given)
        (refund,) = gateway.refunds_of(payment_id=payment_id)
        assert (refund.amount, refund.reference) == (Money(minor, currency), "")

    @pytest.mark.parametrize(("currency", "given"), [("USD", "1.505"), ("JPY", "1.5"), ("USD", "much"), ("USD", "-1")])
    def test_no_refund_of_coins_there_are_not(self, finance, charge, *, currency, given):
        let(finance, "refund", charge_id=charge, currency=currency, amount=given)
        assert not SandboxObject.objects.filter(kind="refund").exists()

    def test_refund_comes_back(self, finance, gateway, charge):
        refund_id = sandbox_events.refund_in_dashboard(charge_id=charge)
        let(finance, "fail-refund", refund_id=refund_id)
        assert gateway.fetch_refund(refund_id=refund_id).status == "failed"

    def test_fraud_warning(self, finance, charge):
        let(finance, "warn", charge_id=charge)
        assert SandboxObject.objects.get(kind="radar.early_fraud_warning").data["charge"] == charge

    def test_accounts(self, finance, gateway, ready_account):
        for verb, is_ready, bank in (
            ("restrict", False, "6789"),
            ("activate", True, "6789"),
            ("change-bank", True, "1111"),
        ):
            let(finance, verb, account_id=ready_account)
            account = gateway.fetch_account(account_id=ready_account)
            assert (account.is_ready, account.masked_bank) == (is_ready, f"•••• {bank}")
        assert "closed" in let(finance, "close", account_id=ready_account)
        assert "does not allow this" in let(finance, "close", account_id=ready_account)

    def test_payouts(self, finance, gateway, charge, ready_account):
        gateway.transfer(key="t:1", account_id=ready_account, amount=Money(50, "USD"), group="pot_1")
        let(finance, "pay-out")
        (payout,) = gateway.account_payouts(account_id=ready_account)
        for verb, status in (("pay", "paid"), ("fail", "failed")):
            let(finance, verb, payout_id=payout.payout_id)
            now = gateway.fetch_account_payout(account_id=ready_account, payout_id=payout.payout_id)
            assert now.status == status

    def test_our_own_payout(self, finance, gateway, charge):
        let(finance, "pay-out-platform", currency="USD")
        assert gateway.balance().available["USD"] == 0

    def test_a_bill_for_payouts(self, finance, gateway, charge, ready_account):
        gateway.transfer(key="t:1", account_id=ready_account, amount=Money(50, "USD"), group="pot_1")
        before = gateway.balance().available["USD"]
        assert "have been billed" in let(finance, "bill-payouts", currency="USD")
        assert gateway.balance().available["USD"] == before - 25 - 200  # a quarter of a percent of 0.50 is nothing
        assert "no transfer" in let(finance, "bill-payouts", currency="USD")

    def test_time_for_asynchronous_payments(self, finance, gateway, paid_payment):
        payment_id = paid_payment(card="debit")
        let(finance, "time")
        assert not gateway.fetch_payment(payment_id=payment_id).succeeded
        let(finance, "settle-payments")
        assert gateway.fetch_payment(payment_id=payment_id).succeeded

    def test_faults(self, finance):
        let(finance, "fault", kind="lost_after", path="/v1/refunds", times="3")
        assert SandboxFault.objects.get().remaining == 3
        assert "not, or no longer, among" in let(finance, "fault", kind="x", path="/v1/refunds", times="3")
        let(finance, "no-faults")
        assert SandboxFault.objects.get().remaining == 0

    def test_rates(self, finance):
        let(finance, "rate", currency="JPY", rate="0.01")
        assert str(rates.rate_of("JPY")) == "0.01"
        let(finance, "rate", currency="JPY", rate="0")
        assert str(rates.rate_of("JPY")) == "0.01"

    def test_events_are_sent_again(self, finance, charge, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            let(finance, "deliver")
        assert "All events have been delivered" in finance.get(PANEL).content.decode()
