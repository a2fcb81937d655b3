"""Cases, banks, changes of a contract, and its clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from common.errors import NotFound
from common.models import PendingMail
from common.money import Money
from hiring.contracts import services
from hiring.contracts.errors import (
    AlreadyPaid,
    AmendmentAnswered,
    AmendmentOpen,
    AmountNotPossible,
    InvolvedInCase,
    NothingChanged,
    NotInThisState,
    OwnCase,
    OwnProposal,
    SecondPersonNeeded,
)
from hiring.contracts.models import Case, Milestone, Notice
from hiring.contracts.process import Act, State
from royalties.dto import MilestonePosition
from royalties.selectors import milestones as ledger
from royalties.services import clearing
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator
from tests.factories.publishing import make_contributor
from tests.hiring.contracts.factories import (
    DAY,
    NOON,
    a_file,
    in_state,
    make_contract,
    moved,
)

pytestmark = pytest.mark.django_db


def position(milestone: Milestone) -> MilestonePosition:
    """Where the ledger has its money."""
    found = ledger.position(milestone.public_id)
    assert found is not None
    return found


def mails_to(person) -> list[str]:
    return list(PendingMail.objects.filter(to=person.email).order_by("pk").values_list("subject", flat=True))


class TestCase:
    def test_releases_what_is_not_in_question(self) -> None:
        milestone = in_state(State.IN_CASE)
        assert (milestone.released_minor, milestone.held_minor) == (10_000, 30_000)

    @pytest.mark.parametrize("minor", [0, 40_001])
    def test_is_about_no_more_than_there_is(self, minor: int) -> None:
        milestone = in_state(State.DELIVERED)
        with pytest.raises(AmountNotPossible):
            services.open_case(
                actor=milestone.contract.client, milestone=milestone, amount_minor=minor, reason="No.", at=NOON
            )

    def test_who_opened_it_does_not_answer_it(self) -> None:
        milestone = in_state(State.IN_CASE)
        with pytest.raises(OwnCase):
            services.answer_case(actor=milestone.contract.client, case=Case.objects.get(), body="Yes.", at=NOON)

    def test_silence_does_not_stop_the_decision(self) -> None:
        milestone = in_state(State.IN_CASE)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 7 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.TO_DECIDE

    def test_a_decision_moves_nothing_before_it_is_final(self) -> None:
        milestone = in_state(State.DECIDED)
        assert milestone.held_minor == 30_000
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor, milestone.returned_minor) == (State.SETTLED, 30_000, 10_000)
        assert Case.objects.get().closed_at == NOON + 14 * DAY

    def test_an_appeal_is_decided_by_a_second_person_and_final(self) -> None:
        milestone = in_state(State.APPEALED)
        case = Case.objects.get()
        with pytest.raises(SecondPersonNeeded):
            services.decide_appeal(actor=case.decided_by, case=case, provider_minor=0, reason="No.", at=NOON)
        services.decide_appeal(actor=make_operator(), case=case, provider_minor=5_000, reason="Less.", at=NOON)
        milestone.refresh_from_db()
        assert (milestone.released_minor, milestone.returned_minor) == (15_000, 25_000)

    def test_whoever_decided_it_meanwhile_is_no_second_person(self) -> None:
        in_state(State.APPEALED)
        case = Case.objects.get()
        first, case.decided_by = case.decided_by, None  # read before it was decided
        assert first is not None
        with pytest.raises(SecondPersonNeeded):
            services.decide_appeal(actor=first, case=case, provider_minor=0, reason="No.", at=NOON)

    def test_the_database_wants_a_second_person_too(self) -> None:
        in_state(State.APPEALED)
        case = Case.objects.get()
        case.appeal_decided_by, case.appeal_provider_minor = case.decided_by, 1
        with pytest.raises(IntegrityError), transaction.atomic():
            case.save()

    def test_makers_of_the_work_and_strangers_decide_nothing(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        case = Case.objects.get()
        maker = make_moderator()
        make_contributor(milestone.contract.work, user=maker, role="ill")
        with pytest.raises(InvolvedInCase):
            services.decide_case(actor=maker, case=case, provider_minor=0, reason="No.", at=NOON)
        for person in (make_author(), make_finance(), milestone.contract.client, milestone.contract.provider):
            with pytest.raises(NotFound):
                services.decide_case(actor=person, case=case, provider_minor=0, reason="No.", at=NOON)

    @pytest.mark.parametrize("state", [State.IN_CASE, State.TO_DECIDE, State.DECIDED, State.APPEALED])
    def test_both_may_agree_until_it_is_final(self, state: State) -> None:
        milestone = in_state(state)
        contract = milestone.contract
        division = services.propose_division(
            actor=contract.provider, milestone=milestone, provider_minor=12_000, at=NOON
        )
        assert division.whole_minor == 30_000
        services.accept_division(actor=contract.client, division=division, at=NOON)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor, milestone.returned_minor) == (State.SETTLED, 22_000, 18_000)
        assert Case.objects.get().closed_at == NOON

    def test_after_a_release_by_silence_stops_the_clearing_and_takes_back(self) -> None:
        milestone = in_state(State.RELEASED)
        client = milestone.contract.client
        services.open_case(actor=client, milestone=milestone, amount_minor=25_000, reason="No.", at=NOON)
        clearing.clear_due(at=NOON + 30 * DAY)
        assert position(milestone).in_clearing.amount_minor == 36_800
        case = Case.objects.get()
        services.answer_case(actor=milestone.contract.provider, case=case, body="Yes.", at=NOON)
        services.decide_case(actor=make_moderator(), case=case, provider_minor=20_000, reason="So.", at=NOON)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor, milestone.returned_minor) == (State.SETTLED, 35_000, 5_000)
        assert milestone.settlements.get().taken_back_minor == 5_000
        booked = position(milestone)
        assert (booked.released.amount_minor, booked.fee.amount_minor) == (32_200, 2_800)
        assert milestone.settlements.get().fee_minor == 2_800
        clearing.clear_due(at=NOON + 30 * DAY)
        assert position(milestone).in_clearing.amount_minor == 0


class TestBank:
    def test_a_won_dispute_gives_every_clock_the_time_of_the_stop(self) -> None:
        milestone = in_state(State.DELIVERED)
        services.payment_disputed(reference=milestone.public_id, at=NOON + 10 * DAY)
        services.payment_dispute_won(reference=milestone.public_id, at=NOON + 40 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.since, milestone.stopped_at) == (State.DELIVERED, NOON + 30 * DAY, None)
        assert milestone.due_at.isoformat()[:16] == "2027-01-08T12:00"
        services.run_clock(milestone_id=milestone.pk, at=NOON + 44 * DAY - timedelta(seconds=1))
        milestone.refresh_from_db()
        assert milestone.state == State.DELIVERED

    def test_a_lost_dispute_closes_it_and_its_case(self) -> None:
        milestone = in_state(State.TO_DECIDE)
        services.payment_disputed(reference=milestone.public_id, at=NOON)
        services.payment_dispute_lost(reference=milestone.public_id, at=NOON + DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.taken_minor, milestone.held_minor) == (State.TAKEN, 30_000, 0)
        assert Case.objects.get().closed_at == NOON + DAY

    def test_nothing_moves_while_it_is_stopped(self) -> None:
        milestone = in_state(State.FROZEN)
        contract = milestone.contract
        told = services.DeliveryInput(files=[a_file()])
        with pytest.raises(NotInThisState):
            services.deliver(actor=contract.provider, milestone=milestone, told=told, at=NOON)
        assert not services.run_clock(milestone_id=milestone.pk, at=NOON + 400 * DAY)

    def test_after_the_release_the_milestone_stays_what_it_is(self) -> None:
        milestone = in_state(State.ACCEPTED)
        services.payment_disputed(reference=milestone.public_id, at=NOON)
        services.payment_dispute_lost(reference=milestone.public_id, at=NOON)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor) == (State.ACCEPTED, 40_000)

    def test_of_something_else_is_none_of_ours(self) -> None:
        assert services.payment_disputed(reference="ord_1", at=NOON) is None


class TestAmend:
    def test_replaces_terms_once_both_accept_and_keeps_what_they_were(self) -> None:
        milestone = in_state(State.PLANNED)
        contract = milestone.contract
        before = contract.terms
        first = replace(before.milestones[0], amount=Money(50_000, "USD"))
        terms = replace(before, milestones=(first,), revision_rounds=5)
        amendment = services.propose_amendment(actor=contract.provider, contract=contract, terms=terms, at=NOON)
        milestone.refresh_from_db()
        assert milestone.amount_minor == 40_000
        services.accept_amendment(actor=contract.client, amendment=amendment, at=NOON)
        milestone.refresh_from_db()
        contract.refresh_from_db()
        assert (milestone.amount_minor, contract.terms.revision_rounds) == (50_000, 5)
        assert contract.events.get(act=Act.AMEND).facts.terms_before == before

    def test_does_not_touch_what_is_paid_but_for_its_day(self) -> None:
        milestone = in_state(State.FUNDED)
        contract = milestone.contract
        cheaper = replace(contract.terms.milestones[0], amount=Money(30_000, "USD"))
        with pytest.raises(AlreadyPaid):
            services.propose_amendment(
                actor=contract.client,
                contract=contract,
                terms=replace(contract.terms, milestones=(cheaper,)),
                at=NOON,
            )
        later = moved(contract.terms, date(2026, 12, 30))
        amendment = services.propose_amendment(actor=contract.provider, contract=contract, terms=later, at=NOON)
        services.accept_amendment(actor=contract.client, amendment=amendment, at=NOON)
        milestone.refresh_from_db()
        assert milestone.due_at.isoformat()[:16] == "2026-12-31T12:00"
        assert milestone.clock_at == milestone.due_at - 3 * DAY

    def test_changes_neither_sides_nor_work(self) -> None:
        contract = make_contract()
        other = make_author()
        terms = replace(moved(contract.terms, date(2026, 12, 9)), provider_id=other.pk, work_id=None)
        amendment = services.propose_amendment(actor=contract.client, contract=contract, terms=terms, at=NOON)
        assert (amendment.terms.provider_id, amendment.terms.work_id) == (contract.provider_id, contract.work_id)

    def test_one_at_a_time_and_not_ones_own(self) -> None:
        contract = make_contract()
        terms = moved(contract.terms, date(2026, 12, 9))
        amendment = services.propose_amendment(actor=contract.client, contract=contract, terms=terms, at=NOON)
        with pytest.raises(AmendmentOpen):
            services.propose_amendment(actor=contract.provider, contract=contract, terms=terms, at=NOON)
        with pytest.raises(OwnProposal):
            services.accept_amendment(actor=contract.client, amendment=amendment, at=NOON)
        with pytest.raises(NotFound):
            services.accept_amendment(actor=make_author(), amendment=amendment, at=NOON)
        services.withdraw_amendment(actor=contract.client, amendment=amendment, at=NOON)
        with pytest.raises(AmendmentAnswered):
            services.accept_amendment(actor=contract.provider, amendment=amendment, at=NOON)

    def test_refuses_what_it_says_already(self) -> None:
        contract = make_contract()
        with pytest.raises(NothingChanged):
            services.propose_amendment(actor=contract.client, contract=contract, terms=contract.terms, at=NOON)


class TestClock:
    def subjects(self, milestone: Milestone, person, *moments) -> list[str]:
        for moment in moments:
            services.run_clock(milestone_id=milestone.pk, at=moment)
        return mails_to(person)

    def test_reminds_the_client_on_day_0_7_and_12_once_each(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = milestone.contract.client
        before = len(mails_to(client))
        days = [0, 1, 7, 7, 8, 12, 12, 13]
        found = self.subjects(milestone, client, *(NOON + number * DAY for number in days))
        assert found[before - 1 :] == ["“Part 1” is delivered", *["Have you looked at “Part 1”?"] * 2]

    def test_reminds_the_provider_three_days_before(self) -> None:
        milestone = in_state(State.FUNDED)
        soon = milestone.due_at - 3 * DAY
        provider = milestone.contract.provider
        assert "“Part 1” is due soon" not in self.subjects(milestone, provider, soon - timedelta(seconds=1))
        assert self.subjects(milestone, provider, soon, soon, soon + DAY).count("“Part 1” is due soon") == 1

    def test_tells_the_client_that_late_work_can_be_taken_back(self) -> None:
        milestone = in_state(State.FUNDED)
        moment = milestone.due_at + 7 * DAY
        found = self.subjects(milestone, milestone.contract.client, moment, moment)
        assert found.count("“Part 1” is a week late") == 1

    def test_after_an_outage_the_last_reminder_is_enough(self) -> None:
        milestone = in_state(State.DELIVERED)
        found = self.subjects(milestone, milestone.contract.client, NOON + 13 * DAY)
        assert found.count("Have you looked at “Part 1”?") == 1

    def test_a_step_long_overdue_is_taken_once(self) -> None:
        milestone = in_state(State.DELIVERED)
        assert services.run_clock(milestone_id=milestone.pk, at=NOON + 30 * DAY)
        assert not services.run_clock(milestone_id=milestone.pk, at=NOON + 30 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.since) == (State.RELEASED, NOON + 30 * DAY)

    def test_who_has_left_gets_no_mail(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = milestone.contract.client
        client.is_active = False
        client.save()
        before = len(mails_to(client))
        services.run_clock(milestone_id=milestone.pk, at=NOON + 7 * DAY)
        assert len(mails_to(client)) == before

    def test_a_notice_is_one_row(self) -> None:
        in_state(State.APPEALED)
        keys = list(Notice.objects.values_list("user", "kind", "about"))
        assert len(keys) == len(set(keys)) == PendingMail.objects.count()
