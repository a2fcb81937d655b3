"""Paying for a milestone at the simulated provider, money that goes back, and a bank's dispute."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from common import clock
from hiring.contracts import services
from hiring.contracts.models import Milestone
from hiring.contracts.process import State
from hiring.funding import services as funding
from hiring.funding.models import MilestonePayment, MilestoneRefund
from hiring.offers.models import Capacity, Provider
from royalties.models import MilestoneRecord
from royalties.selectors import milestones as ledger
from royalties.services import invariants
from tests.factories import buying
from tests.hiring.contracts.factories import deliver, fund, in_state, make_contract
from tests.payments.postman import deliver_all

pytestmark = pytest.mark.django_db


def pay(milestone: Milestone) -> Milestone:
    """The client presses the button, and pays on the provider's page."""
    browser = Client()
    browser.force_login(milestone.contract.client)
    parts = [milestone.contract.public_id, milestone.public_id]
    response = browser.post(reverse("contracts:pay", args=parts))
    assert response.status_code == 302
    buying.pay_session(response["Location"].rstrip("/").rpartition("/")[2])
    deliver_all()
    assert "Paid. We hold the money" in browser.get(reverse("contracts:paid", args=parts), follow=True).text
    return Milestone.objects.select_related("contract__client", "contract__provider").get(pk=milestone.pk)


def test_the_client_pays_and_the_money_is_held() -> None:
    milestone = pay(make_contract(at=clock.now()).milestones.get())
    assert (milestone.state, milestone.held_minor) == (State.FUNDED, 40_000)
    booked = ledger.position(milestone.public_id)
    assert booked is not None
    assert booked.held.amount_minor == 40_000
    assert invariants.check_invariants() == []


def test_papers_know_who_pays_and_who_is_paid_as_a_business() -> None:
    milestone = make_contract(at=clock.now()).milestones.get()
    contract = milestone.contract
    Provider.objects.create(
        user=contract.provider,
        capacity=Capacity.TRADER,
        trader_name="Pixel & Co",
        trader_address="1 Quay Street",
        trader_phone="1",
        trader_email="p@example.org",
        changed_at=clock.now(),
    )
    services.start_paying(
        actor=contract.client, milestone=milestone, at=clock.now(), is_business=True, vat_number="DE123456789"
    )
    fund(milestone, at=clock.now())
    record = MilestoneRecord.objects.get()
    assert (record.payer_is_business, record.payer_vat_number, record.payee_is_business) == (True, "DE123456789", True)


def test_a_private_client_leaves_no_vat_number() -> None:
    milestone = make_contract(at=clock.now()).milestones.get()
    services.start_paying(actor=milestone.contract.client, milestone=milestone, at=clock.now(), vat_number="DE1")
    fund(milestone, at=clock.now())
    record = MilestoneRecord.objects.get()
    assert (record.payer_is_business, record.payer_vat_number, record.payee_is_business) == (False, "", False)


def test_what_is_given_back_goes_back_to_the_card() -> None:
    milestone = pay(make_contract(at=clock.now()).milestones.get())
    services.give_back(actor=milestone.contract.provider, milestone=milestone, at=clock.now())
    refund = MilestoneRefund.objects.get()
    funding.send_refund(refund_id=refund.pk)
    refund.refresh_from_db()
    assert (refund.state, refund.amount_minor) == ("succeeded", 40_000)
    booked = ledger.position(milestone.public_id)
    assert booked is not None
    assert booked.unsent.amount_minor == 0
    assert invariants.check_invariants() == []


def test_the_whole_way_ties_to_the_cent() -> None:
    milestone = deliver(pay(make_contract(at=clock.now()).milestones.get()), at=clock.now())
    client = milestone.contract.client
    services.accept(actor=client, milestone=milestone, released_minor=12_345, at=clock.now())
    services.accept(actor=client, milestone=milestone, at=clock.now())
    booked = ledger.position(milestone.public_id)
    assert booked is not None
    assert (booked.released.amount_minor, booked.fee.amount_minor, booked.held.amount_minor) == (36_800, 3_200, 0)
    assert sum(one.fee_minor for one in milestone.settlements.all()) == booked.fee.amount_minor
    assert invariants.check_invariants() == []


@pytest.mark.parametrize("state", [State.FUNDED, State.ACCEPTED, State.RETURNED])
def test_nobody_pays_twice(state: State) -> None:
    milestone = in_state(state)
    browser = Client()
    browser.force_login(milestone.contract.client)
    address = reverse("contracts:pay", args=[milestone.contract.public_id, milestone.public_id])
    assert browser.post(address)["Location"] == reverse("contracts:contract", args=[milestone.contract.public_id])
    assert MilestonePayment.objects.count() == 1


def test_the_provider_and_strangers_do_not_pay() -> None:
    milestone = make_contract().milestones.get()
    address = reverse("contracts:pay", args=[milestone.contract.public_id, milestone.public_id])
    for person, status in ((milestone.contract.provider, 403), (make_contract().client, 404)):
        browser = Client()
        browser.force_login(person)
        assert browser.post(address).status_code == status
    assert not MilestonePayment.objects.exists()


def test_a_part_that_a_bank_took_leaves_the_rest_at_work() -> None:
    milestone = in_state(State.IN_CASE)
    services.payment_disputed(reference=milestone.public_id, at=clock.now())
    services.payment_dispute_lost(reference=milestone.public_id, at=clock.now(), left_minor=5_000)
    milestone.refresh_from_db()
    assert (milestone.state, milestone.held_minor, milestone.taken_minor) == (State.IN_CASE, 5_000, 25_000)
    assert milestone.cases.get().amount_minor == 5_000
