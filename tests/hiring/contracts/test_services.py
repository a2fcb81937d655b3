"""Steps of a contract: what each does with the money, whom it refuses, what it tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from common.errors import NotAllowed, NotFound
from common.models import PendingMail
from common.money import Money
from hiring.contract_terms import MilestoneTerms
from hiring.contracts import services, standard_terms
from hiring.contracts.errors import (
    AmountNotPossible,
    AmountTooSmall,
    CoAuthorAsProvider,
    DifferentCurrencies,
    ForeignWork,
    NoMilestones,
    NoRoundsLeft,
    NoSuchProposal,
    NothingDelivered,
    NotInThisState,
    OwnContract,
    OwnProposal,
    ProviderPresent,
    StaffAsSide,
    TimeIsOver,
    TooManyFiles,
)
from hiring.contracts.models import Contract, ContractEvent, Milestone
from hiring.contracts.process import Act, State
from royalties.dto import MilestonePosition, SettlementReason
from royalties.selectors import milestones as ledger
from tests.factories.accounts import make_author, make_finance, make_moderator, make_operator
from tests.factories.publishing import make_contributor, make_work
from tests.hiring.contracts.factories import (
    DAY,
    NOON,
    a_file,
    deliver,
    fund,
    in_state,
    make_contract,
    terms_of,
)

pytestmark = pytest.mark.django_db


def position(milestone: Milestone) -> MilestonePosition:
    """Where the ledger has its money."""
    found = ledger.position(milestone.public_id)
    assert found is not None
    return found


def mails_to(person) -> list[str]:
    return list(PendingMail.objects.filter(to=person.email).order_by("pk").values_list("subject", flat=True))


class TestOpen:
    def test_freezes_terms_fee_and_version(self) -> None:
        contract = make_contract(amounts=[40_000, 2_000])
        milestones = list(contract.milestones.all())
        assert [one.amount_minor for one in milestones] == [40_000, 2_000]
        assert {one.state for one in milestones} == {State.PLANNED}
        assert milestones[0].rates.bps == 800
        assert (contract.terms_version, contract.currency) == (standard_terms.CURRENT, "USD")

    def test_tells_both_and_the_provider_not_to_begin(self) -> None:
        contract = make_contract()
        assert mails_to(contract.client) == mails_to(contract.provider) == [f"Your contract “{contract.title}” is open"]
        assert "do not begin" in PendingMail.objects.get(to=contract.provider.email).text

    def test_refuses_to_hire_oneself(self) -> None:
        person = make_author()
        with pytest.raises(OwnContract):
            make_contract(client=person, provider=person, work=make_work(owner=person))

    @pytest.mark.parametrize("make", [make_finance, make_moderator, make_operator])
    def test_refuses_staff_on_either_side(self, make) -> None:
        with pytest.raises(StaffAsSide):
            make_contract(provider=make())
        with pytest.raises(StaffAsSide):
            make_contract(client=make())

    def test_refuses_a_co_author(self) -> None:
        work = make_work()
        coauthor = make_author()
        make_contributor(work, user=coauthor)
        with pytest.raises(CoAuthorAsProvider):
            make_contract(client=work.owner, provider=coauthor, work=work)

    def test_an_illustrator_of_the_work_can_be_hired_again(self) -> None:
        work = make_work()
        illustrator = make_author()
        make_contributor(work, user=illustrator, role="ill")
        assert make_contract(client=work.owner, provider=illustrator, work=work).pk

    def test_refuses_somebody_elses_work(self) -> None:
        with pytest.raises(ForeignWork):
            make_contract(work=make_work())

    @pytest.mark.parametrize(
        ("amounts", "error"), [([], NoMilestones), ([2_000] * 21, NoMilestones), ([1_999], AmountTooSmall)]
    )
    def test_refuses_other_milestones(self, amounts, error) -> None:
        with pytest.raises(error):
            make_contract(amounts=amounts)
        assert not Contract.objects.exists()

    def test_refuses_two_currencies(self) -> None:
        client, provider = make_author(), make_author()
        terms = terms_of(client, provider)
        second = MilestoneTerms("Two", "", Money(5_000, "EUR"), date(2026, 12, 20))
        with pytest.raises(DifferentCurrencies):
            services.open_contract(actor=client, terms=replace(terms, milestones=(*terms.milestones, second)), at=NOON)

    def test_calling_off_the_last_milestone_ends_the_contract(self) -> None:
        contract = make_contract()
        services.call_off(actor=contract.provider, milestone=contract.milestones.get(), at=NOON)
        contract.refresh_from_db()
        assert contract.ended_at == NOON


class TestPaid:
    def test_twice_is_once(self) -> None:
        milestone = make_contract().milestones.get()
        fund(milestone)
        services.milestone_paid(reference=milestone.public_id, at=NOON + DAY)
        milestone.refresh_from_db()
        assert (milestone.funded_at, milestone.held_minor) == (NOON, 40_000)
        assert position(milestone).funded == position(milestone).held == Money(40_000, "USD")

    def test_an_unknown_one_is_refused(self) -> None:
        with pytest.raises(NotFound):
            services.milestone_paid(reference="mst_x", at=NOON)

    def test_of_what_was_called_off_goes_back(self) -> None:
        milestone = in_state(State.CALLED_OFF)
        paid = fund(milestone)
        assert (paid.state, paid.returned_minor, paid.held_minor) == (State.RETURNED, 40_000, 0)

    @pytest.mark.parametrize(
        ("paid", "due"),
        [(NOON, "2026-12-09T12:00"), (NOON + 30 * DAY, "2026-12-25T12:00"), (NOON - 90 * DAY, "2026-10-25T12:00")],
    )
    def test_is_due_on_its_day_or_a_day_later_and_within_sixty(self, paid, due) -> None:
        milestone = make_contract(at=paid).milestones.get()
        assert fund(milestone, at=paid).due_at.isoformat()[:16] == due

    def test_tells_the_provider_to_begin(self) -> None:
        milestone = in_state(State.FUNDED)
        assert "“Part 1” is paid: you can begin" in mails_to(milestone.contract.provider)


class TestDeliver:
    def test_refuses_nothing(self) -> None:
        milestone = in_state(State.FUNDED)
        for told in (services.DeliveryInput(note="Done!"), services.DeliveryInput(with_desk=True)):
            with pytest.raises(NothingDelivered):
                services.deliver(actor=milestone.contract.provider, milestone=milestone, told=told, at=NOON)

    def test_refuses_too_many_files(self) -> None:
        milestone = in_state(State.FUNDED)
        told = services.DeliveryInput(files=[a_file(str(n).encode()) for n in range(21)])
        with pytest.raises(TooManyFiles):
            services.deliver(actor=milestone.contract.provider, milestone=milestone, told=told, at=NOON)

    def test_the_log_keeps_the_checksums(self) -> None:
        milestone = in_state(State.DELIVERED)
        event = ContractEvent.objects.get(act=Act.DELIVER)
        assert event.facts.sha256 == (milestone.deliveries.get().files.get().sha256,)

    def test_again_begins_the_review_anew(self) -> None:
        milestone = in_state(State.DELIVERED)
        deliver(milestone, at=NOON + 13 * DAY, content=b"The right one.")
        assert milestone.since == NOON + 13 * DAY
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.DELIVERED

    def test_only_the_provider_does(self) -> None:
        milestone = in_state(State.FUNDED)
        told = services.DeliveryInput(files=[a_file()])
        with pytest.raises(NotInThisState):
            services.deliver(actor=milestone.contract.client, milestone=milestone, told=told, at=NOON)
        with pytest.raises(NotFound):
            services.deliver(actor=make_author(), milestone=milestone, told=told, at=NOON)


class TestAccept:
    def test_releases_everything_at_once(self) -> None:
        milestone = in_state(State.ACCEPTED)
        settlement = milestone.settlements.get()
        assert (settlement.released_minor, settlement.fee_minor, settlement.by_silence) == (40_000, 3_200, False)
        booked = position(milestone)
        assert (booked.released.amount_minor, booked.fee.amount_minor, booked.held.amount_minor) == (36_800, 3_200, 0)
        assert milestone.contract.ended_at == NOON

    def test_a_part_leaves_the_rest_held_and_the_clock_running(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = milestone.contract.client
        services.accept(actor=client, milestone=milestone, released_minor=10_000, at=NOON + DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.since, milestone.held_minor) == (State.DELIVERED, NOON, 30_000)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.released_minor) == (State.RELEASED, 40_000)
        assert [one.fee_minor for one in milestone.settlements.all()] == [800, 2_400]

    @pytest.mark.parametrize("minor", [0, -1, 40_001])
    def test_refuses_other_parts(self, minor: int) -> None:
        milestone = in_state(State.DELIVERED)
        with pytest.raises(AmountNotPossible):
            services.accept(actor=milestone.contract.client, milestone=milestone, released_minor=minor, at=NOON)

    def test_the_whole_as_a_part_is_the_whole(self) -> None:
        milestone = in_state(State.DELIVERED)
        services.accept(actor=milestone.contract.client, milestone=milestone, released_minor=40_000, at=NOON)
        milestone.refresh_from_db()
        assert milestone.state == State.ACCEPTED

    def test_the_database_refuses_to_divide_more_than_there_is(self) -> None:
        milestone = in_state(State.DELIVERED)
        milestone.released_minor = 40_001
        with pytest.raises(IntegrityError), transaction.atomic():
            milestone.save()


class TestRevision:
    def test_has_agreed_rounds(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = milestone.contract.client
        for number in range(2):
            services.request_revision(actor=client, milestone=milestone, wishes="Bluer.", at=NOON)
            deliver(milestone, content=str(number).encode())
        with pytest.raises(NoRoundsLeft):
            services.request_revision(actor=client, milestone=milestone, wishes="Greener.", at=NOON)

    def test_gives_the_client_the_full_time_again(self) -> None:
        milestone = in_state(State.IN_REVISION)
        deliver(milestone, at=NOON + 10 * DAY, content=b"Bluer.")
        services.run_clock(milestone_id=milestone.pk, at=NOON + 24 * DAY - timedelta(seconds=1))
        milestone.refresh_from_db()
        assert milestone.state == State.DELIVERED

    def test_that_never_comes_counts_as_not_delivered(self) -> None:
        milestone = in_state(State.IN_REVISION)
        services.run_clock(milestone_id=milestone.pk, at=NOON + 14 * DAY)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.returned_minor) == (State.RETURNED, 40_000)


class TestReturns:
    def test_the_provider_gives_a_part_back_and_works_on(self) -> None:
        milestone = in_state(State.FUNDED)
        services.give_back(actor=milestone.contract.provider, milestone=milestone, returned_minor=15_000, at=NOON)
        milestone.refresh_from_db()
        assert (milestone.state, milestone.returned_minor, milestone.held_minor) == (State.FUNDED, 15_000, 25_000)

    def test_the_client_cannot_give_themselves_money_back(self) -> None:
        milestone = in_state(State.FUNDED)
        with pytest.raises(NotInThisState):
            services.give_back(actor=milestone.contract.client, milestone=milestone, at=NOON)

    def test_a_provider_who_is_there_keeps_their_time(self) -> None:
        milestone = in_state(State.FUNDED)
        with pytest.raises(ProviderPresent):
            services.take_back_from_absent(actor=milestone.contract.client, milestone=milestone, at=NOON)

    def test_late_work_goes_back_by_itself(self) -> None:
        milestone = in_state(State.FUNDED)
        services.run_clock(milestone_id=milestone.pk, at=milestone.due_at + 14 * DAY)
        milestone.refresh_from_db()
        assert milestone.state == State.RETURNED
        assert milestone.settlements.get().reason == SettlementReason.NOT_DELIVERED
        assert "The money for “Part 1” comes back to you" in mails_to(milestone.contract.client)


class TestDivide:
    def test_in_parts(self) -> None:
        milestone = in_state(State.SETTLED)
        settlement = milestone.settlements.get()
        assert (settlement.released_minor, settlement.returned_minor) == (10_000, 30_000)
        assert settlement.reason == SettlementReason.ENDED

    @pytest.mark.parametrize(("minor", "released"), [(0, 0), (40_000, 40_000)])
    def test_all_or_nothing(self, minor: int, released: int) -> None:
        milestone = in_state(State.FUNDED)
        contract = milestone.contract
        division = services.propose_division(
            actor=contract.provider, milestone=milestone, provider_minor=minor, at=NOON
        )
        services.accept_division(actor=contract.client, division=division, at=NOON)
        milestone.refresh_from_db()
        assert (milestone.released_minor, milestone.returned_minor) == (released, 40_000 - released)

    def test_nobody_accepts_their_own_proposal(self) -> None:
        milestone = in_state(State.FUNDED)
        client = milestone.contract.client
        division = services.propose_division(actor=client, milestone=milestone, provider_minor=1, at=NOON)
        with pytest.raises(OwnProposal):
            services.accept_division(actor=client, division=division, at=NOON)

    def test_a_newer_one_replaces_the_older(self) -> None:
        milestone = in_state(State.FUNDED)
        contract = milestone.contract
        old = services.propose_division(actor=contract.client, milestone=milestone, provider_minor=1, at=NOON)
        services.propose_division(actor=contract.client, milestone=milestone, provider_minor=0, at=NOON)
        with pytest.raises(NoSuchProposal):
            services.accept_division(actor=contract.provider, division=old, at=NOON)

    def test_one_that_does_not_fit_any_more_is_refused(self) -> None:
        milestone = in_state(State.DELIVERED)
        contract = milestone.contract
        division = services.propose_division(actor=contract.provider, milestone=milestone, provider_minor=1, at=NOON)
        services.accept(actor=contract.client, milestone=milestone, released_minor=5_000, at=NOON)
        with pytest.raises(NoSuchProposal):
            services.accept_division(actor=contract.client, division=division, at=NOON)

    def test_a_stranger_neither_proposes_nor_accepts(self) -> None:
        milestone = in_state(State.FUNDED)
        with pytest.raises(NotFound):
            services.propose_division(actor=make_author(), milestone=milestone, provider_minor=1, at=NOON)
        division = services.propose_division(
            actor=milestone.contract.client, milestone=milestone, provider_minor=1, at=NOON
        )
        with pytest.raises(NotFound):
            services.accept_division(actor=make_author(), division=division, at=NOON)


class TestPermissions:
    def test_sides_that_are_closed_act_in_nothing(self) -> None:
        milestone = in_state(State.DELIVERED)
        client = milestone.contract.client
        client.is_active = False
        client.save()
        with pytest.raises(NotFound):
            services.accept(actor=client, milestone=milestone, at=NOON)

    def test_moderators_of_a_case_act_for_nobody(self) -> None:
        milestone = in_state(State.IN_CASE)
        with pytest.raises(NotAllowed):
            services.propose_division(actor=make_moderator(), milestone=milestone, provider_minor=1, at=NOON)

    def test_the_review_is_over_at_its_second(self) -> None:
        milestone = in_state(State.DELIVERED)
        with pytest.raises(TimeIsOver):
            services.accept(actor=milestone.contract.client, milestone=milestone, at=NOON + 14 * DAY)
