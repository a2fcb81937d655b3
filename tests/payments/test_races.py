"""The inbox and the sandbox under callers that come at the same moment."""

from __future__ import annotations

import pytest
from django.test import Client

from common import clock
from common.money import Money
from payments import sandbox_events
from payments import services as payment_services
from payments.errors import SimulationRefused
from payments.gateway import GatewayRefused
from payments.models import ProviderEvent, SandboxBalance, SandboxObject
from payments.stripe.sandbox import accounts, payment_page
from payments.stripe.sandbox.cards import CARDS
from tests.conftest import NOON
from tests.payments.webhooks import COMPLETED, Poster, snapshot
from tests.royalties.database import run_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def test_p10_two_workers_give_one_transfer(gateway, paid_payment, ready_account):
    paid_payment(amount_minor=50_000)
    give = {"key": "transfer:1", "account_id": ready_account, "amount": Money(100, "USD"), "group": "pot_1"}
    results = run_together(*[lambda: gateway.transfer(**give)] * 8)
    assert len(set(results)) == 1
    assert SandboxObject.objects.filter(kind="transfer").count() == 1


def test_the_balance_is_never_overdrawn(gateway, paid_payment, ready_account):
    paid_payment()  # 455 arrive
    results = run_together(
        *[
            lambda n=n: gateway.transfer(
                key=f"transfer:{n}", account_id=ready_account, amount=Money(100, "USD"), group=f"pot_{n}"
            )
            for n in range(8)
        ]
    )
    assert sum(isinstance(result, GatewayRefused) for result in results) == 4
    assert SandboxBalance.objects.get().available_minor == 55


def test_refunds_at_once_never_exceed_the_payment(gateway, paid_payment):
    payment = paid_payment()
    results = run_together(
        *[lambda n=n: gateway.refund(key=f"refund:{n}", payment_id=payment, amount=Money(200, "USD")) for n in range(6)]
    )
    assert sum(isinstance(result, GatewayRefused) for result in results) == 4


def test_two_clicks_on_the_page_pay_once(open_session):
    session = open_session()

    def click():
        with clock.frozen(NOON):  # threads do not inherit the test's clock
            return payment_page.pay(session_id=session.session_id, card=CARDS["us"], country="US")

    results = run_together(*[click] * 4)
    assert sum(isinstance(result, payment_page.SessionClosed) for result in results) == 3
    assert SandboxObject.objects.filter(kind="charge").count() == 1


def test_w01_ten_deliveries_at_once_are_one_event(handlers):
    calls = []
    handlers[COMPLETED] = [lambda notice: calls.append(notice.object_id)]
    body = snapshot()

    def deliver():
        status = Poster(Client())(body)
        payment_services.process_event(event_id="evt_1")
        return status

    assert run_together(*[deliver] * 10) == [200] * 10
    assert ProviderEvent.objects.count() == 1
    assert calls == ["cs_1"]


def test_p10_two_workers_give_one_reversal(gateway, paid_payment, ready_account):
    paid_payment(amount_minor=50_000)
    given = gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(100, "USD"), group="pot_1")
    take = {"transfer_id": given.transfer_id, "amount": Money(60, "USD"), "reference": "rfd_1"}
    results = run_together(*[lambda: gateway.reverse_transfer(key="reversal:1", **take)] * 4)
    assert len(set(results)) == 1
    assert gateway.fetch_transfer(transfer_id=given.transfer_id).reversed == Money(60, "USD")


def test_a_dispute_is_decided_once(gateway, paid_payment):
    charge = gateway.fetch_payment(payment_id=paid_payment()).charge_id
    dispute_id = sandbox_events.open_dispute(charge_id=charge)
    results = run_together(*[lambda: sandbox_events.decide_dispute(dispute_id=dispute_id, outcome="won")] * 4)
    assert sum(isinstance(result, SimulationRefused) for result in results) == 3
    assert SandboxBalance.objects.get().available_minor == 455 - 1500


def test_a_payee_is_paid_out_once(gateway, paid_payment, ready_account):
    paid_payment()
    gateway.transfer(key="transfer:1", account_id=ready_account, amount=Money(100, "USD"), group="pot_1")
    assert run_together(*[sandbox_events.pay_out_accounts] * 4) == [None] * 4
    assert [payout.amount for payout in gateway.account_payouts(account_id=ready_account)] == [Money(100, "USD")]


def test_onboarding_twice(gateway, ready_account):
    run_together(*[lambda: accounts.set_capability(account_id=ready_account, status="active")] * 4)
    assert gateway.fetch_account(account_id=ready_account).is_ready
