"""Payouts against the simulated provider instead of a stand-in: the two must agree on the contract."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from common.money import Money
from payments import sandbox_events
from payments.errors import SimulationRefused
from payments.models import SandboxBalance, SandboxObject
from payments.stripe.sandbox import events, funds
from royalties.models import Payout, PayoutAccount, ReconciliationItem
from royalties.selectors import economics
from royalties.services import invariants, payout_accounts, payouts, reconciliation
from tests.payments.postman import post_in_process
from tests.royalties.factories import NOON, WINDOW, payable, user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sandbox(monkeypatch, settings):
    monkeypatch.setattr(events, "post", post_in_process)
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with clock.frozen(NOON + WINDOW):
        yield


@pytest.fixture
def onboarded(client):
    """Somebody with 415 payable who went through the provider's onboarding page."""
    person = payable(user(is_author=True))
    address = payout_accounts.start_onboarding(
        actor=person,
        country="US",
        return_url="http://testserver" + reverse("earnings-account-return"),
        refresh_url="http://testserver" + reverse("earnings-account"),
        at=NOON,
    )
    client.force_login(person)
    back = client.post(address)
    client.get(back["Location"])
    PayoutAccount.objects.update(usable_from=NOON, minimum_units=1)
    return person


def pay() -> Payout:
    fiona, felix = user(is_finance=True), user(is_finance=True)
    run = payouts.propose_run(actor=fiona, currency="USD", at=clock.now())
    payouts.approve_run(actor=felix, run=run, at=clock.now())
    return payouts.send_payout(payout_id=run.payouts.get().pk)


def test_onboarding_makes_the_account_ready(onboarded):
    account = PayoutAccount.objects.get(user=onboarded)
    assert account.is_ready
    assert SandboxObject.objects.filter(kind="account", object_id=account.provider_account_id).exists()


def test_payout_moves_the_providers_money(onboarded):
    funds.move("charge", "ch_1", "usd", 1000)
    payout = pay()
    assert payout.state == "paid"
    assert SandboxBalance.objects.get().available_minor == 1000 - 415
    assert SandboxObject.objects.get(kind="transfer").object_id == payout.transfer_id
    assert payouts.send_payout(payout_id=payout.pk).state == "paid"
    assert SandboxObject.objects.filter(kind="transfer").count() == 1


def test_short_balance_at_the_provider_fails_and_is_payable_again(onboarded):
    funds.move("charge", "ch_1", "usd", 400)
    payout = pay()
    assert (payout.state, payout.reason) == ("failed", "balance_insufficient")
    assert invariants.check_invariants() == []
    funds.move("charge", "ch_2", "usd", 400)
    assert pay().state == "paid"
    assert Money(SandboxBalance.objects.get().available_minor, "USD") == Money(385, "USD")


def test_what_the_provider_bills_for_a_payout_is_ours_and_reconciled(onboarded):
    funds.move("adjustment", "adj_1", "usd", 1000)
    payout = pay()
    assert sandbox_events.bill_payouts(currency="USD") == 25 + 1 + 200  # 0.25, 0.25 % of 4.15, and the account's month
    with pytest.raises(SimulationRefused):
        sandbox_events.bill_payouts(currency="USD")
    reconciliation.reconcile(at=clock.now())
    items = dict(ReconciliationItem.objects.values_list("kind", "state"))
    assert (items["transfer"], items["stripe_fee"]) == ("matched", "matched")
    (month,) = economics.by_month(until=clock.now())
    assert (month.payouts_real, month.payouts_borne) == (226, 0)
    assert (payout.cost_minor, payout.fee_minor) == (226, 0)
