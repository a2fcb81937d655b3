"""A side that deletes the account: what holds it up, and what is done when it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Deletion
from hiring.contracts.models import Contract, Delivery, Notice
from hiring.contracts.process import State
from hiring.contracts.services import account_deletion
from tests.factories.accounts import make_author
from tests.hiring.contracts.factories import DAY, NOON, in_state, make_contract

pytestmark = pytest.mark.django_db

HELD = [State.FUNDED, State.DELIVERED, State.IN_REVISION, State.FROZEN]
CASES = [State.IN_CASE, State.TO_DECIDE, State.DECIDED, State.APPEALED]


def deletion_of(user) -> Deletion:
    return Deletion.objects.create(user=user, asked_at=NOON, due_at=NOON + 30 * DAY)


class TestObstacles:
    @pytest.mark.parametrize("state", list(State))
    def test_held_money_and_open_cases(self, state: State) -> None:
        contract = in_state(state).contract
        expected = 1 if state in HELD else 2 if state in CASES else 0
        for person in (contract.client, contract.provider):
            assert len(list(account_deletion.obstacles(person, NOON))) == expected

    def test_of_others_are_none(self) -> None:
        in_state(State.IN_CASE)
        assert list(account_deletion.obstacles(make_author(), NOON)) == []

    def test_open_contracts_are_said_before(self) -> None:
        contract = make_contract()
        (told,) = account_deletion.losses(contract.client, NOON)
        assert told.startswith("1 contract is open")


class TestPrepare:
    @pytest.mark.parametrize(
        ("state", "after"),
        [
            (State.PLANNED, State.CALLED_OFF),
            (State.PAYING, State.CALLED_OFF),
            (State.FUNDED, State.RETURNED),
            (State.IN_REVISION, State.RETURNED),
            (State.DELIVERED, State.DELIVERED),
            (State.RELEASED, State.RELEASED),
            (State.TO_DECIDE, State.TO_DECIDE),
            (State.ACCEPTED, State.ACCEPTED),
        ],
    )
    @pytest.mark.parametrize("side", ["client", "provider"])
    def test_ends_what_is_not_delivered(self, state: State, after: State, side: str) -> None:
        milestone = in_state(state)
        deletion = deletion_of(getattr(milestone.contract, side))
        for _ in range(2):
            account_deletion.prepare(deletion, NOON + 30 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == after
        if after == State.RETURNED:
            assert milestone.returned_minor == 40_000


def test_erase_forgets_mails_and_keeps_the_contract() -> None:
    milestone = in_state(State.DELIVERED)
    client = milestone.contract.client
    account_deletion.erase(deletion_of(client), NOON)
    assert not Notice.objects.filter(user=client).exists()
    assert Contract.objects.get().client == client


def test_words_are_forgotten_after_the_laws_years() -> None:
    in_state(State.ACCEPTED)
    account_deletion.forget(NOON + timedelta(days=365))
    assert Delivery.objects.get().note == "Here it is."
    account_deletion.forget(NOON + timedelta(days=3700))
    assert Delivery.objects.get().note == ""
