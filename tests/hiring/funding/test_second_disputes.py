"""Two disputes of one payment at once, as the provider of payments tells them: every notice is booked."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from hiring.contracts.models import Milestone
from hiring.contracts.process import State
from hiring.funding import services
from hiring.funding.models import BankDispute, MilestoneEvidence, MilestonePayment
from payments.models import ProviderEvent
from payments.stripe.sandbox import disputes as bank
from payments.stripe.sandbox.resources import SandboxError
from tests.factories.accounts import make_finance
from tests.hiring.contracts.factories import deliver, make_contract
from tests.hiring.contracts.test_payments import pay
from tests.hiring.funding.paying import charge_of
from tests.payments.postman import deliver_all
from tests.royalties.books import assert_balances_agree, balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def milestone() -> Milestone:
    return deliver(pay(make_contract(at=clock.now()).milestones.get()), at=clock.now())


def disputed_twice(milestone: Milestone) -> list[str]:
    """The bank takes 100 of the 400 a day later, and 150 on the next day."""
    charge = charge_of(MilestonePayment.objects.get(reference=milestone.public_id).provider_payment_id)
    found = []
    for day, amount in enumerate((10_000, 15_000), start=1):
        with clock.frozen(clock.now() + timedelta(days=day)):
            found.append(str(bank.open_dispute(charge, amount=amount)["id"]))
            deliver_all()
    with pytest.raises(SandboxError):
        bank.open_dispute(charge, amount=15_001)
    return found


def booked(milestone: Milestone) -> Milestone:
    """Every notice was handled, and our books are the provider's."""
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"processed"}
    assert_balances_agree()
    return Milestone.objects.get(pk=milestone.pk)


@pytest.mark.parametrize("outcomes", [("won", "won"), ("won", "lost"), ("lost", "won"), ("lost", "lost")])
@pytest.mark.parametrize("order", list(permutations([0, 1])))
def test_every_notice_is_booked(milestone: Milestone, order: tuple[int, int], outcomes: tuple[str, str]) -> None:
    ids = disputed_twice(milestone)
    assert booked(milestone).state == State.FROZEN
    assert balance("dispute_in_progress") == 25_000
    for day, which in enumerate(order, start=3):
        with clock.frozen(clock.now() + timedelta(days=day)):
            bank.decide_dispute(ids[which], outcomes[which])
            deliver_all()
        assert booked(milestone).state == (State.FROZEN if day == 3 else State.DELIVERED)
    taken = sum(amount for amount, outcome in zip((10_000, 15_000), outcomes, strict=True) if outcome == "lost")
    assert (booked(milestone).taken_minor, balance("dispute_in_progress")) == (taken, 0)


def test_a_notice_that_comes_again_changes_nothing(milestone: Milestone) -> None:
    ids = disputed_twice(milestone)
    with clock.frozen(clock.now() + timedelta(days=4)):
        bank.decide_dispute(ids[0], "lost")
        deliver_all()
        for dispute_id in (*ids, *ids):
            services.sync_dispute(dispute_id=dispute_id)
    found = booked(milestone)
    assert (found.state, found.taken_minor) == (State.FROZEN, 10_000)
    assert BankDispute.objects.count() == 2


def test_each_has_its_own_evidence_and_names_the_other(milestone: Milestone, settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    disputed_twice(milestone)
    finance, browser = make_finance(), Client()
    browser.force_login(finance)
    first, second = BankDispute.objects.order_by("pk")
    services.answer_dispute(actor=finance, dispute=first, explanation="They thanked us.", at=clock.now())
    assert MilestoneEvidence.objects.get().dispute == first
    page = browser.get(reverse("funding:dispute", args=[first.provider_dispute_id])).text
    assert reverse("funding:dispute", args=[second.provider_dispute_id]) in page
    page = browser.get(reverse("funding:dispute", args=[second.provider_dispute_id])).text
    assert "Responses so far" not in page
