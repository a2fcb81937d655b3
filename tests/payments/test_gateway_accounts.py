"""Payees: capabilities, banks, closing, and money on its way to their banks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.money import Money
from payments import sandbox_events
from payments.errors import SimulationRefused
from payments.gateway import GatewayRefused, GatewayUnknown
from payments.models import ProviderEvent, SandboxEvent
from payments.stripe.sandbox import due
from tests.payments.postman import deliver_all


@pytest.fixture
def paid_out(gateway, paid_payment, ready_account):
    """A payout of 100 on its way to the payee's bank."""
    paid_payment()
    gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(100, "USD"), group="pot_1")
    sandbox_events.pay_out_accounts()
    (payout,) = gateway.account_payouts(account_id=ready_account)
    return payout


class TestBank:
    def test_is_masked(self, gateway, ready_account):
        assert gateway.fetch_account(account_id=ready_account).masked_bank == "•••• 6789"

    def test_there_is_none_before_onboarding(self, gateway):
        account = gateway.open_account(key="acct:2", reference="con_2", email="b@example.org", country="DE")
        assert gateway.fetch_account(account_id=account.account_id).masked_bank == ""

    def test_t06_a_changed_one_is_told_and_reported_for_the_account(self, gateway, ready_account):
        sandbox_events.change_bank(account_id=ready_account)
        assert gateway.fetch_account(account_id=ready_account).masked_bank == "•••• 1111"
        deliver_all()
        events = ProviderEvent.objects.filter(endpoint="connect").order_by("pk")
        assert [(event.event_type, event.account_id) for event in events] == [
            ("account.external_account.updated", ready_account),
            ("account.external_account.created", ready_account),
        ]

    def test_a_provider_that_keeps_it_to_itself_is_no_fault(self, gateway, ready_account, monkeypatch):
        from payments.stripe.sandbox import routes
        from payments.stripe.sandbox.resources import SandboxError

        answer = routes.answer

        def hidden(method, path, params, account_id):
            if "external_accounts" in path:
                raise SandboxError("", "This account's details are not yours to see.", status=403)
            return answer(method, path, params, account_id)

        monkeypatch.setattr(routes, "answer", hidden)
        account = gateway.fetch_account(account_id=ready_account)
        assert (account.is_ready, account.masked_bank) == (True, "")


class TestStates:
    def test_t03_a_restricted_payee_gets_nothing(self, gateway, paid_payment, ready_account):
        paid_payment()
        sandbox_events.restrict_account(account_id=ready_account)
        assert not gateway.fetch_account(account_id=ready_account).is_ready
        with pytest.raises(GatewayRefused) as refused:
            gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(1, "USD"), group="pot_1")
        assert refused.value.code == "insufficient_capabilities_for_transfer"
        sandbox_events.activate_account(account_id=ready_account)
        assert gateway.transfer(key="transfer:2", account_id=ready_account, amount=Money(1, "USD"), group="pot_1")

    def test_t04_a_closed_one_neither(self, gateway, paid_payment, ready_account):
        paid_payment()
        sandbox_events.close_account(account_id=ready_account)
        assert not gateway.fetch_account(account_id=ready_account).is_ready
        with pytest.raises(GatewayRefused) as refused:
            gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(1, "USD"), group="pot_1")
        assert refused.value.code == "account_closed"
        assert SandboxEvent.objects.order_by("pk").last().event_type == "v2.core.account.closed"
        with pytest.raises(SimulationRefused):
            sandbox_events.close_account(account_id=ready_account)

    def test_country_the_provider_does_not_serve(self, gateway, db):
        with pytest.raises(GatewayRefused) as refused:
            gateway.open_account(key="acct:1", reference="con_1", email="a@example.org", country="XX")
        assert refused.value.code == "country_unsupported"


class TestPayouts:
    def test_what_was_transferred_leaves_for_the_bank(self, gateway, paid_out, ready_account):
        assert (paid_out.amount, paid_out.status, paid_out.failure_code) == (Money(100, "USD"), "in_transit", "")
        assert (paid_out.account_id, paid_out.arrives_at) == (ready_account, clock.now() + timedelta(days=2))
        assert gateway.fetch_account_payout(account_id=ready_account, payout_id=paid_out.payout_id) == paid_out

    def test_arrives_in_time(self, gateway, paid_out, ready_account):
        with clock.frozen(paid_out.arrives_at):
            due.process_due()
        assert next(iter(gateway.account_payouts(account_id=ready_account))).status == "paid"

    def test_t05_fails_after_it_was_paid(self, gateway, paid_out, ready_account):
        sandbox_events.pay_payout(payout_id=paid_out.payout_id)
        sandbox_events.fail_payout(payout_id=paid_out.payout_id)
        failed = gateway.fetch_account_payout(account_id=ready_account, payout_id=paid_out.payout_id)
        assert (failed.status, failed.failure_code) == ("failed", "account_closed")
        deliver_all()
        events = ProviderEvent.objects.filter(object_id=paid_out.payout_id).order_by("pk")
        assert [event.event_type for event in events] == ["payout.created", "payout.paid", "payout.failed"]
        assert {event.account_id for event in events} == {ready_account}

    def test_a_bank_that_sent_money_back_gets_none_until_it_is_changed(self, gateway, paid_out, ready_account):
        sandbox_events.fail_payout(payout_id=paid_out.payout_id)
        sandbox_events.pay_out_accounts()
        assert len(list(gateway.account_payouts(account_id=ready_account))) == 1
        sandbox_events.change_bank(account_id=ready_account)
        sandbox_events.pay_out_accounts()
        newest = next(iter(gateway.account_payouts(account_id=ready_account)))
        assert (newest.amount, newest.status) == (Money(100, "USD"), "in_transit")

    def test_what_was_taken_back_is_not_paid_out(self, gateway, paid_payment, ready_account):
        paid_payment()
        transfer = gateway.transfer(key="t:1", account_id=ready_account, amount=Money(100, "USD"), group="pot_1")
        gateway.reverse_transfer(
            key="r:1", transfer_id=transfer.transfer_id, amount=Money(40, "USD"), reference="rfd_1"
        )
        sandbox_events.pay_out_accounts()
        (payout,) = gateway.account_payouts(account_id=ready_account)
        assert payout.amount == Money(60, "USD")

    def test_belongs_to_its_account(self, gateway, paid_out):
        with pytest.raises(GatewayUnknown):
            gateway.fetch_account_payout(account_id="acct_other", payout_id=paid_out.payout_id)

    def test_is_paid_or_failed_once(self, paid_out):
        sandbox_events.pay_payout(payout_id=paid_out.payout_id)
        with pytest.raises(SimulationRefused):
            sandbox_events.pay_payout(payout_id=paid_out.payout_id)
        sandbox_events.fail_payout(payout_id=paid_out.payout_id)
        with pytest.raises(SimulationRefused):
            sandbox_events.fail_payout(payout_id=paid_out.payout_id)
