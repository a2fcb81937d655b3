"""A bank that had taken held money gives it back on appeal: the money is held again, and decided like the rest."""

from __future__ import annotations

import pytest

from common.models import PendingMail
from common.money import Money
from hiring.contracts import handlers, process, services
from hiring.contracts.models import Contract, DeskAccess, Milestone
from hiring.contracts.process import Act, State
from hiring.funding.hooks import Dispute
from hiring.offers.services import offers
from hiring.service_kinds import ServiceKind
from royalties.dto import MilestoneDisputeFacts
from royalties.selectors import milestones as ledger
from royalties.services import invariants
from royalties.services import milestones as books
from tests.hiring.contracts.factories import DAY, NOON, fund, in_state, make_contract

pytestmark = pytest.mark.django_db

WON = NOON + 40 * DAY


def lose(milestone: Milestone, minor: int = 40_000, *, dispute: str = "du_1") -> Milestone:
    """A bank opens a dispute a day later, and decides for the client on the next."""
    facts = MilestoneDisputeFacts(dispute, milestone.public_id, Money(minor, "USD"), Money(0, "USD"), NOON + DAY)
    books.dispute_opened(facts=facts)
    handlers.disputed(milestone.public_id, Dispute.OPENED, NOON + DAY)
    books.dispute_lost(external_id=dispute, at=NOON + 2 * DAY)
    handlers.disputed(milestone.public_id, Dispute.LOST, NOON + 2 * DAY)
    return again(milestone)


def win(milestone: Milestone, *, dispute: str = "du_1") -> Milestone:
    """On appeal, many weeks later."""
    books.dispute_won(external_id=dispute, at=WON)
    handlers.disputed(milestone.public_id, Dispute.WON, WON)
    return again(milestone)


def again(milestone: Milestone) -> Milestone:
    return Milestone.objects.select_related("contract__client", "contract__provider").get(pk=milestone.pk)


def holds(milestone: Milestone) -> None:
    """What the contract counts is what the ledger has."""
    booked = ledger.position(milestone.public_id)
    assert booked is not None
    assert booked.held.amount_minor == milestone.held_minor
    assert invariants.check_invariants() == []


@pytest.mark.both
class TestAllWasTaken:
    def test_work_goes_on_with_the_whole_time_added(self) -> None:
        milestone = in_state(State.FUNDED)
        due = milestone.due_at
        assert lose(milestone).state == State.TAKEN
        milestone = win(milestone)
        assert (milestone.state, milestone.held_minor, milestone.taken_minor) == (State.FUNDED, 40_000, 0)
        assert (milestone.closed_at, milestone.due_at) == (None, due + 39 * DAY)
        assert milestone.contract.ended_at is None
        holds(milestone)

    @pytest.mark.parametrize("state", [State.DELIVERED, State.IN_REVISION, State.IN_CASE, State.DECIDED])
    def test_delivered_work_is_looked_at_anew_for_the_full_time(self, state: State) -> None:
        milestone = win(lose(in_state(state)))
        assert (milestone.state, milestone.since) == (State.DELIVERED, WON)
        assert milestone.cases.open().count() == 0
        holds(milestone)
        services.run_clock(milestone_id=milestone.pk, at=WON + 14 * DAY)
        milestone = again(milestone)
        assert (milestone.state, milestone.released_minor) == (
            State.RELEASED,
            milestone.amount_minor - milestone.returned_minor,
        )
        holds(milestone)

    def test_both_are_told_what_comes_next(self) -> None:
        milestone = win(lose(in_state(State.DELIVERED)))
        for person in (milestone.contract.client, milestone.contract.provider):
            mail = PendingMail.objects.filter(to=person.mail_to).latest("pk")
            assert "given back the payment" in mail.subject
            assert "$400.00" in mail.text

    def test_twice_is_once(self) -> None:
        milestone = win(lose(in_state(State.FUNDED)))
        handlers.disputed(milestone.public_id, Dispute.WON, WON + DAY)
        assert again(milestone).held_minor == 40_000
        holds(again(milestone))


class TestEndedContract:
    def test_is_open_again_and_ends_once_more(self) -> None:
        milestone = lose(in_state(State.DELIVERED))
        assert milestone.contract.ended_at is not None
        milestone = win(milestone)
        services.accept(actor=milestone.contract.client, milestone=milestone, at=WON)
        contract = Contract.objects.get()
        assert contract.ended_at == WON
        assert list(contract.events.filter(milestone=None).values_list("act", flat=True)) == [
            "open",
            "end",
            "reopen",
            "end",
        ]

    def test_lets_the_editor_in_again(self) -> None:
        milestone = make_contract(kind=ServiceKind.COPY_EDITING).milestones.get()
        fund(milestone)
        lose(milestone)
        assert DeskAccess.objects.get().ended_at is not None
        win(milestone)
        access = DeskAccess.objects.get()
        assert (access.ended_at, access.collaborator is not None) == (None, True)

    def test_takes_its_place_again_unless_another_has_it(self) -> None:
        contract = make_contract()
        offers.take_place_again(contract, NOON)  # an offer that is gone


@pytest.mark.both
class TestPartWasTaken:
    """The bank took 100 of the 400; the rest was worked for."""

    @pytest.mark.parametrize("state", [State.FUNDED, State.DELIVERED, State.IN_REVISION])
    def test_while_work_goes_on_it_is_held_again(self, state: State) -> None:
        milestone = lose(in_state(state), 10_000)
        assert (milestone.state, milestone.held_minor, milestone.taken_minor) == (state, 30_000, 10_000)
        milestone = win(milestone)
        assert (milestone.state, milestone.held_minor, milestone.taken_minor) == (state, 40_000, 0)
        holds(milestone)

    def test_a_case_is_about_it_too_and_a_decision_divides_it_alike(self) -> None:
        milestone = win(lose(in_state(State.DECIDED), 10_000))  # 300.00 in question, 200.00 to the provider
        case = milestone.cases.open().get()
        assert (case.amount_minor, case.provider_minor) == (30_000, 20_000)
        holds(milestone)
        services.run_clock(milestone_id=milestone.pk, at=milestone.moments.of(process.APPEAL_ENDS))
        milestone = again(milestone)
        assert (milestone.state, milestone.held_minor) == (State.SETTLED, 0)
        holds(milestone)

    @pytest.mark.parametrize(("how", "released", "returned"), [("accept", 40_000, 0), ("give_back", 0, 40_000)])
    def test_after_the_end_it_goes_where_the_rest_went(self, how: str, released: int, returned: int) -> None:
        milestone = lose(in_state(State.DELIVERED), 10_000)
        contract = milestone.contract
        if how == "accept":
            services.accept(actor=contract.client, milestone=milestone, at=NOON + 3 * DAY)
        else:
            services.give_back(actor=contract.provider, milestone=milestone, at=NOON + 3 * DAY)
        milestone = win(milestone)
        assert (milestone.released_minor, milestone.returned_minor, milestone.taken_minor) == (released, returned, 0)
        assert milestone.contract.events.filter(act=Act.END_STOP).latest("pk").facts.released_minor == released // 4
        holds(milestone)

    def test_after_a_division_it_is_divided_alike(self) -> None:
        milestone = lose(in_state(State.FUNDED), 10_000)
        contract = milestone.contract
        division = services.propose_division(
            actor=contract.client, milestone=milestone, provider_minor=10_000, at=NOON + 3 * DAY
        )
        services.accept_division(actor=contract.provider, division=division, at=NOON + 3 * DAY)
        milestone = win(milestone)
        assert (milestone.released_minor, milestone.returned_minor) == (10_000 + 3_333, 20_000 + 6_667)
        holds(milestone)
