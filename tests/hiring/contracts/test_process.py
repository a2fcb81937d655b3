"""Every state x actor x act x clock is a row of the table or a refusal; nothing is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction

from common.errors import DomainError
from hiring.contracts import process, services
from hiring.contracts.errors import NotInThisState, TimeIsOver, TooEarly
from hiring.contracts.management.commands import contract_process
from hiring.contracts.models import Case, Milestone
from hiring.contracts.process import CLOSED, ROWS, Act, Actor, Base, Clock, Moments, Row, State
from hiring.contracts.services import clocks, steps
from hiring.contracts.standard_terms import Days
from tests.factories.accounts import make_moderator
from tests.hiring.contracts.factories import DAY, DUE, NOON, a_file, fund, in_state, moved

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
SECOND = timedelta(seconds=1)


class TestTable:
    def test_each_cell_has_one_row_at_most(self) -> None:
        cells = [(row.state, row.actor, row.act) for row in ROWS]
        assert len(cells) == len(set(cells))

    def test_every_state_is_reached_and_left_or_closed(self) -> None:
        reached = {row.next for row in ROWS} | {State.PLANNED}
        left = {row.state for row in ROWS if row.next not in {row.state, None} or row.state == State.FROZEN}
        assert set(State) - reached == set()
        assert set(State) - left == CLOSED - {State.CALLED_OFF}  # a payment on its way may still come

    def test_every_state_that_waits_for_one_side_has_a_clock(self) -> None:
        waits = {State.PAYING, State.FUNDED, State.DELIVERED, State.IN_REVISION, State.RELEASED, State.IN_CASE}
        assert {state for state in State if process.clock_row(state)} == waits | {State.DECIDED}

    def test_a_clock_that_opens_ends_what_the_sides_may_do(self) -> None:
        """So that at every moment either a side or the clock may act, and never both."""
        for row in ROWS:
            by_clock = process.clock_row(row.state)
            if by_clock is None or row.actor in {Actor.BANK, Actor.CLOCK}:
                continue
            assert row.until == by_clock.opens, row

    def test_money_moves_only_where_it_is_held_or_in_clearing(self) -> None:
        moving = {row.state for row in ROWS if row.ledger and row.actor != Actor.BANK}
        assert moving <= process.HOLDING | {State.RELEASED}

    def test_every_act_and_actor_has_a_row(self) -> None:
        assert {row.act for row in ROWS} == set(Act)
        assert {row.actor for row in ROWS} == set(Actor)

    def test_nobody_but_a_person_decides(self) -> None:
        deciders = {(row.actor, row.act) for row in ROWS if row.act in {Act.DECIDE, Act.DECIDE_APPEAL}}
        assert deciders == {(Actor.MODERATOR, Act.DECIDE), (Actor.SECOND_MODERATOR, Act.DECIDE_APPEAL)}


class TestClocks:
    def moments(self, revision_days: int = 7) -> Moments:
        return Moments(NOON, NOON + 20 * DAY, Days(), revision_days)

    @pytest.mark.parametrize(
        ("clock", "days"),
        [
            (process.PAGE_CLOSES, 1),
            (process.LATE, 27),
            (process.NOT_DELIVERED, 34),
            (process.REVIEW_ENDS, 14),
            (process.REVISION_ENDS, 14),
            (process.CLEARED, 5),
            (process.ANSWER_ENDS, 7),
            (process.APPEAL_ENDS, 14),
        ],
    )
    def test_run_the_days_of_the_terms(self, clock: Clock, days: int) -> None:
        assert self.moments().of(clock) == NOON + days * DAY

    @pytest.mark.parametrize(("agreed", "ends"), [(3, 14), (7, 14), (10, 17), (21, 28)])
    def test_a_long_revision_has_a_week_more(self, agreed: int, ends: int) -> None:
        assert self.moments(agreed).of(process.REVISION_ENDS) == NOON + ends * DAY

    def test_no_due_day_before_the_payment(self) -> None:
        with pytest.raises(ValueError, match="not due"):
            Moments(NOON, None, Days(), 7).of(Clock(Base.DUE, "late"))


def _client(milestone: Milestone):
    return milestone.contract.client


def _provider(milestone: Milestone):
    return milestone.contract.provider


def _side(milestone: Milestone, actor: Actor):
    return milestone.contract.client if actor == Actor.CLIENT else milestone.contract.provider


def _deliver(milestone: Milestone, actor: Actor, at: datetime) -> None:
    told = services.DeliveryInput(files=[a_file(b"Another cover.")])
    services.deliver(actor=_side(milestone, actor), milestone=milestone, told=told, at=at)


def _divide(milestone: Milestone, actor: Actor, at: datetime) -> None:
    """The client proposed it in time; the provider accepts it now."""
    division = services.propose_division(actor=_client(milestone), milestone=milestone, provider_minor=10_000, at=NOON)
    services.accept_division(actor=_provider(milestone), division=division, at=at)


def _amend(milestone: Milestone, actor: Actor, at: datetime) -> None:
    terms = moved(milestone.contract.terms, DUE + DAY)
    amendment = services.propose_amendment(actor=_client(milestone), contract=milestone.contract, terms=terms, at=at)
    services.accept_amendment(actor=_provider(milestone), amendment=amendment, at=at)


def _from_absent(milestone: Milestone, actor: Actor, at: datetime) -> None:
    if actor == Actor.CLIENT:
        provider = _provider(milestone)
        provider.is_active = False
        provider.save(update_fields=["is_active"])
    services.take_back_from_absent(actor=_side(milestone, actor), milestone=milestone, at=at)


def _by_clock(milestone: Milestone, actor: Actor, at: datetime) -> None:
    before = milestone.state
    services.run_clock(milestone_id=milestone.pk, at=at)
    if Milestone.objects.get(pk=milestone.pk).state == before:
        raise TooEarly(opens="")


def _decide(milestone: Milestone, actor: Actor, at: datetime) -> None:
    services.decide_case(actor=make_moderator(), case=milestone.cases.get(), provider_minor=10_000, reason="So.", at=at)


def _decide_appeal(milestone: Milestone, actor: Actor, at: datetime) -> None:
    services.decide_appeal(
        actor=make_moderator(), case=milestone.cases.get(), provider_minor=10_000, reason="So.", at=at
    )


def _answer(milestone: Milestone, actor: Actor, at: datetime) -> None:
    case = milestone.cases.get()
    if case.opened_by == _side(milestone, actor):
        case.opened_by = _provider(milestone) if actor == Actor.CLIENT else _client(milestone)
        case.save(update_fields=["opened_by"])
    services.answer_case(actor=_side(milestone, actor), case=case, body="No.", at=at)


def _of_the_opener(milestone: Milestone, actor: Actor) -> Case:
    """The case as if this side had opened it."""
    case = milestone.cases.get()
    case.opened_by = _side(milestone, actor)
    case.save(update_fields=["opened_by"])
    return case


def _write_in_case(milestone: Milestone, actor: Actor, at: datetime) -> None:
    case = _of_the_opener(milestone, actor)
    services.write_in_case(actor=_side(milestone, actor), case=case, body="And this.", at=at)


def _withdraw_case(milestone: Milestone, actor: Actor, at: datetime) -> None:
    services.withdraw_case(actor=_side(milestone, actor), case=_of_the_opener(milestone, actor), at=at)


def _ask_in_case(milestone: Milestone, actor: Actor, at: datetime) -> None:
    services.ask_in_case(actor=make_moderator(), case=milestone.cases.get(), body="Which file?", at=at)


HELD = 10_000
DO: dict[Act, Callable[[Milestone, Actor, datetime], object]] = {
    Act.CALL_OFF: lambda m, a, at: services.call_off(actor=_side(m, a), milestone=m, at=at),
    Act.START_PAYING: lambda m, a, at: services.start_paying(actor=_side(m, a), milestone=m, at=at),
    Act.CLOSE_PAGE: _by_clock,
    Act.PAY: lambda m, a, at: fund(m, at=at),
    Act.AMEND: _amend,
    Act.DELIVER: _deliver,
    Act.GIVE_BACK: lambda m, a, at: services.give_back(actor=_side(m, a), milestone=m, at=at),
    Act.GIVE_BACK_PART: lambda m, a, at: services.give_back(actor=_side(m, a), milestone=m, returned_minor=1, at=at),
    Act.PROPOSE_DIVISION: lambda m, a, at: services.propose_division(
        actor=_side(m, a), milestone=m, provider_minor=1, at=at
    ),
    Act.ACCEPT_DIVISION: _divide,
    Act.TAKE_BACK: lambda m, a, at: services.take_back_late(actor=_side(m, a), milestone=m, at=at),
    Act.TAKE_BACK_FROM_ABSENT: _from_absent,
    Act.RETURN: _by_clock,
    Act.ACCEPT: lambda m, a, at: services.accept(actor=_side(m, a), milestone=m, at=at),
    Act.ACCEPT_PART: lambda m, a, at: services.accept(actor=_side(m, a), milestone=m, released_minor=1, at=at),
    Act.REQUEST_REVISION: lambda m, a, at: services.request_revision(
        actor=_side(m, a), milestone=m, wishes="Bluer.", at=at
    ),
    Act.OPEN_CASE: lambda m, a, at: services.open_case(
        actor=_side(m, a), milestone=m, amount_minor=HELD, reason="No.", at=at
    ),
    Act.ACCEPT_BY_SILENCE: _by_clock,
    Act.CLEAR: _by_clock,
    Act.ANSWER: _answer,
    Act.WRITE_IN_CASE: _write_in_case,
    Act.ASK_IN_CASE: _ask_in_case,
    Act.WITHDRAW_CASE: _withdraw_case,
    Act.END_ANSWERING: _by_clock,
    Act.DECIDE: _decide,
    Act.APPEAL: lambda m, a, at: services.appeal(actor=_side(m, a), case=m.cases.get(), reason="No.", at=at),
    Act.MAKE_FINAL: _by_clock,
    Act.DECIDE_APPEAL: _decide_appeal,
    Act.STOP: lambda m, a, at: services.payment_disputed(reference=m.public_id, at=at),
    Act.END_STOP: lambda m, a, at: services.payment_dispute_won(reference=m.public_id, at=at),
    Act.TAKE: lambda m, a, at: services.payment_dispute_lost(reference=m.public_id, at=at),
    Act.END_ACCOUNT: lambda m, a, at: clocks.end_account(milestone=m, side=Actor.PROVIDER, at=at),
}


def moments_of(row: Row, milestone: Milestone) -> list[tuple[datetime, type[DomainError] | None]]:
    """A second before, at and after each end of the row's time, with what refuses it."""
    found: list[tuple[datetime, type[DomainError] | None]] = []
    if row.opens is not None:
        opens = milestone.moments.of(row.opens)
        found += [(opens - SECOND, TooEarly), (opens, None), (opens + SECOND, None)]
    if row.until is not None:
        until = milestone.moments.of(row.until)
        found += [(until - SECOND, None), (until, TimeIsOver), (until + SECOND, TimeIsOver)]
    return found or [(NOON, None)]


@pytest.mark.both
@pytest.mark.parametrize("state", list(State))
def test_every_cell_is_a_row_or_a_refusal(state: State) -> None:
    milestone = in_state(state)
    tried = 0
    for actor, act in product(Actor, Act):
        row = process.row_of(state, actor, act)
        if row is None:
            with pytest.raises(NotInThisState):
                steps.require_row(milestone, actor, act, NOON)
            tried += 1
            continue
        for at, refusal in moments_of(row, milestone):
            before = transaction.savepoint_create()
            if refusal is None:
                DO[act](_again(milestone), actor, at)
                after = Milestone.objects.get(pk=milestone.pk)
                before_it = State.DELIVERED if act == Act.WITHDRAW_CASE else State.FUNDED
                assert after.state == (row.next or before_it), (row, at)
                assert after.contract.events.filter(act=act, state_before=state).exists() or act == Act.AMEND, row
            else:
                with pytest.raises(refusal), transaction.atomic():
                    DO[act](_again(milestone), actor, at)
                assert Milestone.objects.get(pk=milestone.pk).state == state, (row, at)
            transaction.savepoint_rollback(before)
            tried += 1
    assert tried >= len(Actor) * len(Act)


@pytest.mark.parametrize("state", list(State))
def test_a_side_is_refused_by_the_services_where_the_table_has_no_row(state: State) -> None:
    """The services know no way around the table: each is asked by both sides in every state."""
    milestone = in_state(state)
    by_sides = {row.act for row in ROWS if row.actor in {Actor.CLIENT, Actor.PROVIDER}}
    for actor, act in product((Actor.CLIENT, Actor.PROVIDER), sorted(by_sides)):
        if process.row_of(state, actor, act) is not None:
            continue
        if act in {Act.ANSWER, Act.APPEAL, Act.WRITE_IN_CASE, Act.WITHDRAW_CASE} and not milestone.cases.exists():
            continue  # there is no case to name
        before = transaction.savepoint_create()
        with pytest.raises(NotInThisState), transaction.atomic():
            DO[act](_again(milestone), actor, NOON)
        transaction.savepoint_rollback(before)
        assert Milestone.objects.get(pk=milestone.pk).state == state


def _again(milestone: Milestone) -> Milestone:
    rows = Milestone.objects.select_related("contract__client", "contract__provider", "contract__work")
    return rows.get(pk=milestone.pk)


def test_the_documentation_has_the_table_as_it_is() -> None:
    documented = (ROOT / "docs" / "market.md").read_text(encoding="utf-8")
    assert contract_process.table() in documented
