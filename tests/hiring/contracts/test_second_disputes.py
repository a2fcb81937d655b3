"""A bank may dispute one payment more than once: the milestone stands still until nothing is in dispute.

Each dispute is booked for itself. What is held is taken once; the rest of what a bank takes is our loss.
"""

from __future__ import annotations

from datetime import datetime
from itertools import permutations, product

import pytest

from common.models import PendingMail
from common.money import Money
from hiring.contracts import handlers, services
from hiring.contracts.errors import BankDecides
from hiring.contracts.models import Milestone, Settlement
from hiring.contracts.process import Act, Actor, State
from hiring.contracts.selectors import acts
from hiring.funding.hooks import Dispute
from royalties.dto import MilestoneDisputeFacts
from royalties.services import milestones as books
from tests.hiring.contracts.factories import DAY, NOON, in_state
from tests.hiring.contracts.test_appeals_by_banks import again, holds
from tests.royalties.books import balance

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def opens(milestone: Milestone, minor: int = 10_000, *, dispute: str, at: datetime = NOON + DAY) -> Milestone:
    facts = MilestoneDisputeFacts(dispute, milestone.public_id, Money(minor, "USD"), Money(0, "USD"), at)
    books.dispute_opened(facts=facts)
    handlers.disputed(milestone.public_id, Dispute.OPENED, at)
    return checked(milestone)


def loses(milestone: Milestone, *, dispute: str, at: datetime = NOON + 3 * DAY) -> Milestone:
    books.dispute_lost(external_id=dispute, at=at)
    handlers.disputed(milestone.public_id, Dispute.LOST, at)
    return checked(milestone)


def wins(milestone: Milestone, *, dispute: str, at: datetime = NOON + 3 * DAY) -> Milestone:
    books.dispute_won(external_id=dispute, at=at)
    handlers.disputed(milestone.public_id, Dispute.WON, at)
    return checked(milestone)


DECIDES = {"won": wins, "lost": loses}


def checked(milestone: Milestone) -> Milestone:
    milestone = again(milestone)
    holds(milestone)
    return milestone


class TestWhileFrozen:
    def test_a_second_one_keeps_it_frozen_since_the_first(self) -> None:
        milestone = opens(in_state(State.DELIVERED), dispute="du_1")
        milestone = opens(milestone, dispute="du_2", at=NOON + 2 * DAY)
        assert (milestone.state, milestone.stopped_in, milestone.stopped_at) == (
            State.FROZEN,
            State.DELIVERED,
            NOON + DAY,
        )

    def test_the_same_notice_twice_is_once(self) -> None:
        milestone = opens(in_state(State.FUNDED), dispute="du_1")
        milestone = opens(milestone, dispute="du_1", at=NOON + 2 * DAY)
        assert (milestone.state, milestone.stopped_at) == (State.FROZEN, NOON + DAY)
        milestone = wins(milestone, dispute="du_1")
        assert (milestone.state, milestone.held_minor) == (State.FUNDED, 40_000)

    def test_it_goes_on_once_the_last_is_decided_with_the_whole_time_added(self) -> None:
        milestone = in_state(State.FUNDED)
        due = milestone.due_at
        opens(milestone, dispute="du_1")
        opens(milestone, dispute="du_2", at=NOON + 2 * DAY)
        milestone = wins(milestone, dispute="du_1", at=NOON + 4 * DAY)
        assert (milestone.state, milestone.due_at) == (State.FROZEN, due)
        milestone = wins(milestone, dispute="du_2", at=NOON + 9 * DAY)
        assert (milestone.state, milestone.due_at) == (State.FUNDED, due + 8 * DAY)

    def test_both_sides_are_told_when_it_stops_and_when_it_goes_on_but_not_between(self) -> None:
        milestone = opens(in_state(State.FUNDED), dispute="du_1")
        opens(milestone, dispute="du_2", at=NOON + 2 * DAY)
        told = PendingMail.objects.filter(to=milestone.contract.provider.mail_to, subject__contains="bank")
        stopped = told.count()
        wins(milestone, dispute="du_2")
        assert told.count() == stopped
        wins(milestone, dispute="du_1", at=NOON + 5 * DAY)
        assert PendingMail.objects.filter(to=milestone.contract.client.mail_to).latest("pk").subject.count("goes on")

    def test_nothing_is_released_between_two_decisions(self) -> None:
        milestone = opens(in_state(State.DELIVERED), dispute="du_1")
        opens(milestone, dispute="du_2")
        wins(milestone, dispute="du_1")
        services.run_clock(milestone_id=milestone.pk, at=NOON + 90 * DAY)
        assert again(milestone).state == State.FROZEN

    @pytest.mark.parametrize(
        ("order", "outcomes"), list(product(permutations(["du_1", "du_2"]), product(["won", "lost"], repeat=2)))
    )
    @pytest.mark.parametrize("state", [State.FUNDED, State.DELIVERED, State.DECIDED])
    def test_each_loss_takes_its_own_amount_in_every_order(
        self, state: State, order: tuple[str, str], outcomes: tuple[str, str]
    ) -> None:
        milestone = in_state(state)
        held = milestone.held_minor
        opens(milestone, 10_000, dispute="du_1")
        opens(milestone, 15_000, dispute="du_2")
        decided = dict(zip(("du_1", "du_2"), outcomes, strict=True))
        first = DECIDES[decided[order[0]]](milestone, dispute=order[0])
        assert first.state == State.FROZEN
        milestone = DECIDES[decided[order[1]]](milestone, dispute=order[1], at=NOON + 4 * DAY)
        amounts = {"du_1": 10_000, "du_2": 15_000}
        taken = sum(amount for name, amount in amounts.items() if decided[name] == "lost")
        assert (milestone.state, milestone.taken_minor, milestone.held_minor) == (state, taken, held - taken)

    def test_a_case_is_about_what_is_left_after_both(self) -> None:
        milestone = in_state(State.DECIDED)  # 300.00 in question, 200.00 to the provider
        opens(milestone, 10_000, dispute="du_1")
        opens(milestone, 15_000, dispute="du_2")
        loses(milestone, dispute="du_1")
        milestone = loses(milestone, dispute="du_2")
        case = milestone.cases.get()
        assert (milestone.state, case.amount_minor, case.provider_minor) == (State.DECIDED, 5_000, 5_000)


class TestOneAfterTheOther:
    @pytest.mark.parametrize("first", ["won", "lost"])
    @pytest.mark.parametrize("second", ["won", "lost"])
    def test_goes_on_between_them(self, first: str, second: str) -> None:
        milestone = opens(in_state(State.DELIVERED), 10_000, dispute="du_1")
        assert DECIDES[first](milestone, dispute="du_1").state == State.DELIVERED
        assert opens(milestone, 10_000, dispute="du_2", at=NOON + 4 * DAY).state == State.FROZEN
        milestone = DECIDES[second](milestone, dispute="du_2", at=NOON + 5 * DAY)
        lost = [first, second].count("lost")
        assert (milestone.state, milestone.taken_minor) == (State.DELIVERED, lost * 10_000)

    def test_the_second_takes_what_the_first_left(self) -> None:
        milestone = opens(in_state(State.FUNDED), 10_000, dispute="du_1")
        loses(milestone, dispute="du_1")
        opens(milestone, 30_000, dispute="du_2", at=NOON + 4 * DAY)
        milestone = loses(milestone, dispute="du_2", at=NOON + 5 * DAY)
        assert (milestone.state, milestone.taken_minor, milestone.held_minor) == (State.TAKEN, 40_000, 0)
        milestone = wins(milestone, dispute="du_1", at=NOON + 40 * DAY)
        assert (milestone.state, milestone.taken_minor, milestone.held_minor) == (State.FUNDED, 30_000, 10_000)
        milestone = wins(milestone, dispute="du_2", at=NOON + 50 * DAY)
        assert (milestone.state, milestone.taken_minor, milestone.held_minor) == (State.FUNDED, 0, 40_000)


class TestMoreThanThePayment:
    """Card networks do not; if a bank does, the client's money is taken once and the rest is our loss."""

    @pytest.mark.parametrize("second", ["won", "lost"])
    def test_of_two_about_all_of_it_one_takes_it(self, second: str) -> None:
        milestone = opens(in_state(State.FUNDED), 40_000, dispute="du_1")
        opens(milestone, 40_000, dispute="du_2")
        assert loses(milestone, dispute="du_1").state == State.TAKEN
        milestone = DECIDES[second](milestone, dispute="du_2", at=NOON + 4 * DAY)
        assert (milestone.state, milestone.taken_minor, milestone.held_minor) == (State.TAKEN, 40_000, 0)
        assert balance("bad_debt") == (40_000 if second == "lost" else 0)

    def test_a_second_one_after_all_was_taken_changes_nothing_here(self) -> None:
        milestone = opens(in_state(State.DELIVERED), 40_000, dispute="du_1")
        loses(milestone, dispute="du_1")
        assert opens(milestone, 1_000, dispute="du_2", at=NOON + 4 * DAY).state == State.TAKEN
        assert loses(milestone, dispute="du_2", at=NOON + 5 * DAY).state == State.TAKEN

    def test_what_comes_back_while_another_is_open_waits_for_it(self) -> None:
        milestone = opens(in_state(State.DELIVERED), 40_000, dispute="du_1")
        loses(milestone, dispute="du_1")
        opens(milestone, 1_000, dispute="du_2", at=NOON + 4 * DAY)
        milestone = wins(milestone, dispute="du_1", at=NOON + 6 * DAY)
        assert (milestone.state, milestone.stopped_in, milestone.held_minor) == (State.FROZEN, State.DELIVERED, 40_000)
        milestone = wins(milestone, dispute="du_2", at=NOON + 8 * DAY)
        assert (milestone.state, milestone.since) == (State.DELIVERED, NOON + 8 * DAY)


class TestAfterTheEnd:
    """A bank had taken 100 of the 400, the rest was accepted; then the released part is disputed, too."""

    def ended(self) -> Milestone:
        milestone = opens(in_state(State.DELIVERED), 10_000, dispute="du_1")
        milestone = loses(milestone, dispute="du_1")
        services.accept(actor=milestone.contract.client, milestone=milestone, at=NOON + 4 * DAY)
        return opens(milestone, 20_000, dispute="du_2", at=NOON + 5 * DAY)

    def test_what_comes_back_is_divided_once_the_last_is_decided(self) -> None:
        milestone = self.ended()
        books.dispute_won(external_id="du_1", at=NOON + 6 * DAY)
        handlers.disputed(milestone.public_id, Dispute.WON, NOON + 6 * DAY)
        milestone = again(milestone)
        assert (milestone.state, milestone.released_minor, milestone.taken_minor) == (State.ACCEPTED, 30_000, 10_000)
        milestone = wins(milestone, dispute="du_2", at=NOON + 7 * DAY)
        assert (milestone.state, milestone.released_minor, milestone.taken_minor) == (State.ACCEPTED, 40_000, 0)

    def test_what_came_back_is_what_the_next_loss_takes_first(self) -> None:
        milestone = self.ended()
        books.dispute_won(external_id="du_1", at=NOON + 6 * DAY)
        handlers.disputed(milestone.public_id, Dispute.WON, NOON + 6 * DAY)
        milestone = loses(milestone, dispute="du_2", at=NOON + 7 * DAY)
        assert (milestone.state, milestone.released_minor, milestone.taken_minor) == (State.ACCEPTED, 30_000, 10_000)


class TestReleasedBySilence:
    def test_a_case_waits_for_the_bank(self) -> None:
        milestone = opens(in_state(State.RELEASED), 10_000, dispute="du_1")
        with pytest.raises(BankDecides):
            services.open_case(
                actor=milestone.contract.client, milestone=milestone, amount_minor=5_000, reason="No.", at=NOON + DAY
            )
        wins(milestone, dispute="du_1", at=NOON + 2 * DAY)
        services.open_case(
            actor=milestone.contract.client, milestone=milestone, amount_minor=5_000, reason="No.", at=NOON + 2 * DAY
        )

    def test_no_case_is_offered_while_the_bank_decides(self) -> None:
        milestone = opens(in_state(State.RELEASED), 10_000, dispute="du_1")

        def offered() -> set[Act]:
            decides = acts.has_bank_to_decide(milestone)
            at = NOON + DAY
            return {one.act for one in acts.actions_of(milestone, Actor.CLIENT, at, bank_decides=decides)}

        assert Act.OPEN_CASE not in offered()
        wins(milestone, dispute="du_1", at=NOON + DAY)
        assert Act.OPEN_CASE in offered()

    def test_a_case_about_it_goes_on_about_what_a_bank_left(self) -> None:
        milestone = in_state(State.RELEASED)
        case = services.open_case(
            actor=milestone.contract.client, milestone=milestone, amount_minor=35_000, reason="No.", at=NOON
        )
        opens(milestone, 10_000, dispute="du_1")
        milestone = loses(milestone, dispute="du_1")
        case.refresh_from_db()
        assert (milestone.state, case.amount_minor, case.closed_at) == (State.IN_CASE, 30_000, None)
        division = services.propose_division(
            actor=milestone.contract.client, milestone=milestone, provider_minor=10_000, at=NOON + 3 * DAY
        )
        services.accept_division(actor=milestone.contract.provider, division=division, at=NOON + 3 * DAY)
        milestone = checked(milestone)
        assert Settlement.objects.get().taken_back_minor == 20_000

    def test_a_case_about_it_ends_with_what_a_bank_took_whole(self) -> None:
        milestone = in_state(State.RELEASED)
        services.open_case(
            actor=milestone.contract.client, milestone=milestone, amount_minor=35_000, reason="No.", at=NOON
        )
        opens(milestone, 40_000, dispute="du_1")
        milestone = loses(milestone, dispute="du_1")
        assert milestone.is_closed
        assert not milestone.cases.open().exists()
