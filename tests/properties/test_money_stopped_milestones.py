"""Banks dispute a contract's payment again and again, in parts and in any order, beside what the two sides do.

After each event the ledger's rules hold, the milestone stands still exactly while something of its held money is in
dispute, and contract and ledger count the same. Once every bank has decided, nothing stands still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from common.money import Money
from hiring.contracts import handlers, services
from hiring.contracts.models import Milestone
from hiring.contracts.process import CLOSED, State
from hiring.funding.hooks import Dispute
from royalties.dto import MilestoneDisputeFacts
from royalties.models import MilestoneDispute
from royalties.selectors import milestones as ledger
from royalties.services import invariants
from royalties.services import milestones as books
from tests.hiring.contracts.factories import DAY, NOON, in_state
from tests.properties.profiles import some

_OVER = CLOSED | {State.RELEASED}


@dataclass
class Story:
    """A milestone, and the banks' disputes about it."""

    start: Milestone
    disputes: list[str] = field(default_factory=list)
    day: int = 0

    @property
    def at(self) -> datetime:
        return NOON + self.day * DAY

    @property
    def milestone(self) -> Milestone:
        return Milestone.objects.select_related("contract__client", "contract__provider").get(pk=self.start.pk)


def bank_opens(story: Story, share: int, other: int) -> None:
    name = f"du_{len(story.disputes)}"
    amount = Money(max(story.start.amount_minor * share // 100, 1), "USD")
    books.dispute_opened(facts=MilestoneDisputeFacts(name, story.start.public_id, amount, Money(0, "USD"), story.at))
    story.disputes.append(name)
    handlers.disputed(story.start.public_id, Dispute.OPENED, story.at)


def bank_wins_for_us(story: Story, share: int, other: int) -> None:
    if story.disputes:
        books.dispute_won(external_id=story.disputes[other % len(story.disputes)], at=story.at)
        handlers.disputed(story.start.public_id, Dispute.WON, story.at)


def bank_takes(story: Story, share: int, other: int) -> None:
    name = story.disputes[other % len(story.disputes)] if story.disputes else ""
    if name and not MilestoneDispute.objects.get(external_id=name).outcome_entry_id:
        books.dispute_lost(external_id=name, at=story.at)
        handlers.disputed(story.start.public_id, Dispute.LOST, story.at)


def accept(story: Story, share: int, other: int) -> None:
    milestone = story.milestone
    released = milestone.held_minor * share // 100 if other % 2 else None
    services.accept(actor=milestone.contract.client, milestone=milestone, released_minor=released or None, at=story.at)


def give_back(story: Story, share: int, other: int) -> None:
    milestone = story.milestone
    services.give_back(actor=milestone.contract.provider, milestone=milestone, at=story.at)


def open_case(story: Story, share: int, other: int) -> None:
    milestone = story.milestone
    amount = max((milestone.held_minor or milestone.released_minor) * share // 100, 1)
    services.open_case(
        actor=milestone.contract.client, milestone=milestone, amount_minor=amount, reason="No.", at=story.at
    )


def divide(story: Story, share: int, other: int) -> None:
    milestone = story.milestone
    case = milestone.cases.open().first()
    whole = milestone.held_minor if case is None else case.amount_minor
    division = services.propose_division(
        actor=milestone.contract.client, milestone=milestone, provider_minor=whole * share // 100, at=story.at
    )
    services.accept_division(actor=milestone.contract.provider, division=division, at=story.at)


def wait(story: Story, share: int, other: int) -> None:
    story.day += other % 16
    services.run_clock(milestone_id=story.start.pk, at=story.at)


_STEPS: tuple[Callable[[Story, int, int], None], ...] = (
    *(bank_opens, bank_opens, bank_wins_for_us, bank_wins_for_us, bank_takes, bank_takes),
    *(accept, give_back, open_case, divide, wait, wait),
)
_STEP = st.tuples(st.integers(0, len(_STEPS) - 1), st.integers(1, 100), st.integers(0, 100))
_STATES = st.sampled_from([State.FUNDED, State.DELIVERED, State.RELEASED, State.IN_CASE])


def holds(story: Story) -> None:
    milestone, booked = story.milestone, ledger.position(story.start.public_id)
    assert booked is not None
    assert invariants.check_invariants() == []
    waits = milestone.state in _OVER and booked.has_open_dispute
    assert waits or milestone.held_minor == booked.held.amount_minor
    assert (milestone.state == State.FROZEN) == (booked.has_open_dispute and milestone.state not in _OVER)


@pytest.mark.django_db
@pytest.mark.both
@some(6)
@given(_STATES, st.lists(_STEP, min_size=3, max_size=12))
def test_a_milestone_stands_still_while_a_bank_decides(state: State, steps: list[tuple[int, int, int]]) -> None:
    with transaction.atomic():
        story = Story(in_state(state))
        for which, share, other in steps:
            try:
                with transaction.atomic():
                    _STEPS[which](story, share, other)
            except DomainError:
                assert _STEPS[which] not in {bank_opens, bank_wins_for_us, bank_takes}, "no notice is refused"
            holds(story)
        for number in range(len(story.disputes)):
            bank_takes(story, 0, number)
            holds(story)
        assert story.milestone.state != State.FROZEN
        transaction.set_rollback(True)
