"""Two at once: the two sides, the clock and a bank on connections of their own. One wins, the others are refused."""

from __future__ import annotations

import pytest

from hiring.contracts import services
from hiring.contracts.errors import NotInThisState
from hiring.contracts.models import Milestone
from hiring.contracts.process import State
from tests.hiring.contracts.factories import DAY, NOON, a_file, in_state
from tests.royalties.database import run_together

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("racing_db")]


def test_acceptance_return_and_the_bank() -> None:
    milestone = in_state(State.DELIVERED)
    contract = milestone.contract
    results = run_together(
        lambda: services.accept(actor=contract.client, milestone=milestone, at=NOON),
        lambda: services.give_back(actor=contract.provider, milestone=milestone, at=NOON),
        lambda: services.payment_disputed(reference=milestone.public_id, at=NOON),
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert all(isinstance(one, NotInThisState) for one in refused), refused
    after = Milestone.objects.get()
    assert after.state in {State.ACCEPTED, State.RETURNED, State.FROZEN}
    assert after.released_minor + after.returned_minor + after.held_minor == 40_000
    assert after.settlements.count() == (after.state != State.FROZEN)


def test_two_clocks_release_once() -> None:
    milestone = in_state(State.DELIVERED)
    at = NOON + 14 * DAY
    results = run_together(*[lambda: services.run_clock(milestone_id=milestone.pk, at=at)] * 4)
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
    assert Milestone.objects.get().settlements.count() == 1


def test_two_clicks_are_one_delivery_each_and_one_acceptance() -> None:
    milestone = in_state(State.DELIVERED)
    contract = milestone.contract
    results = run_together(*[lambda: services.accept(actor=contract.client, milestone=milestone, at=NOON)] * 3)
    assert sum(isinstance(one, NotInThisState) for one in results) == 2
    assert Milestone.objects.get().released_minor == 40_000


def test_the_client_asks_for_a_revision_while_the_provider_delivers_again() -> None:
    milestone = in_state(State.DELIVERED)
    contract = milestone.contract
    told = services.DeliveryInput(files=[a_file(b"Better.")])
    run_together(
        lambda: services.request_revision(actor=contract.client, milestone=milestone, wishes="Bluer.", at=NOON),
        lambda: services.deliver(actor=contract.provider, milestone=milestone, told=told, at=NOON),
    )
    after = Milestone.objects.get()
    assert after.deliveries.count() == 2
    assert after.state in {State.DELIVERED, State.IN_REVISION}
