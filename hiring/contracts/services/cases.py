"""Cases: one side says what is in question and why, the other answers, both add to it; who opened it may withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.money import Money
from common.storage import Stored
from hiring.contracts import permissions, process
from hiring.contracts.errors import (
    AmountNotPossible,
    AnswerFirst,
    BankDecides,
    CaseTooLong,
    NothingToDivide,
    NothingWritten,
    NotYourCase,
    OwnCase,
    WithdrawnBefore,
)
from hiring.contracts.models import Case, CaseFile, CaseStatement, EventFacts, Milestone
from hiring.contracts.process import Act, Actor, Guard, Ledger, State
from hiring.contracts.services import money, notices, steps
from hiring.contracts.services.files import require_number
from royalties.dto import SettlementReason
from royalties.selectors import milestones as positions
from royalties.services import milestones as ledger

MAX_STATEMENTS = 40  # of one side in one case


@transaction.atomic
def open_case(
    *,
    actor: User,
    milestone: Milestone,
    amount_minor: int = 0,
    reason: str,
    files: Sequence[Stored] = (),
    at: datetime,
) -> Case:
    """Open a case about part of the money; what is not in question is released.

    Within the days of clearing after a release by silence, what was released is stopped instead. Where a royalty share
    alone pays, the case is about that, and has no amount; terms before version 4 know no such case.
    Raises NotFound, NotInThisState, TimeIsOver, AmountNotPossible, NothingToDivide, BankDecides, TooManyFiles.
    """
    step = steps.begin(actor=actor, milestone=milestone, act=Act.OPEN_CASE, at=at)
    found = step.milestone
    settlement, facts = None, EventFacts()
    if not found.amount_minor:
        if not step.contract.days.has_share_cases:
            raise NothingToDivide
        amount_minor = 0
    elif step.row.ledger == Ledger.HOLD_CLEARING:
        _require_undisputed(found)
        settlement = found.settlements.filter(by_silence=True).order_by("-number")[0]
        _require_amount(found, amount_minor, settlement.released_minor)
        ledger.hold_clearing(reference=found.public_id, number=settlement.number, at=at)
    else:
        _require_amount(found, amount_minor, found.held_minor)
        rest = found.held_minor - amount_minor
        facts = money.settle(step, released=rest, returned=0, reason=SettlementReason.ACCEPTED_IN_PART)
    found.divisions.filter(replaced_at=None, accepted_at=None).update(replaced_at=at)
    case = Case.objects.create(
        milestone=found,
        settlement=settlement,
        opened_by=actor,
        opened_at=at,
        state_before=found.state,
        since_before=found.since,
        amount_minor=amount_minor,
        reason=reason,
    )
    if files:
        say(step, actor, case, "", files)
    steps.finish(step, EventFacts(released_minor=facts.released_minor, case=case.public_id))
    account_services.record_audit(actor=actor, verb="contract_case.opened", subject=case)
    notices.send_about(
        step,
        notices.Kind.CASE_OPENED,
        to=notices.other(step.side),
        until=found.moments.of(process.ANSWER_ENDS),
        about=case.public_id,
        minor=amount_minor,
    )
    return case


@transaction.atomic
def answer_case(*, actor: User, case: Case, body: str, files: Sequence[Stored] = (), at: datetime) -> CaseStatement:
    """Answer a case; it is then ready to be decided. Until a decision both sides may add to what they said.

    Raises NotFound, NotInThisState, TimeIsOver, OwnCase, NothingWritten, TooManyFiles.
    """
    if case.opened_by_id == actor.pk:
        raise OwnCase
    step = steps.begin(actor=actor, milestone=case.milestone, act=Act.ANSWER, at=at)
    statement = say(step, actor, case, body, files)
    case.answered_at = at
    case.save(update_fields=["answered_at"])
    steps.finish(step, EventFacts(case=case.public_id))
    notices.send_about(step, notices.Kind.CASE_ANSWERED, to=notices.other(step.side), about=case.public_id)
    return statement


@transaction.atomic
def write_in_case(*, actor: User, case: Case, body: str, files: Sequence[Stored] = (), at: datetime) -> CaseStatement:
    """Add words and files to a case that nobody has decided, or to its appeal. Sent twice in a row, it is there once.

    Raises NotFound, NotInThisState, TimeIsOver, AnswerFirst, NothingWritten, TooManyFiles, CaseTooLong.
    """
    step = steps.begin(actor=actor, milestone=case.milestone, act=Act.WRITE_IN_CASE, at=at)
    if step.row.guard == Guard.THE_OPENER and case.opened_by_id != actor.pk:
        raise AnswerFirst
    last = case.statements.last()
    if last is not None and last.author_id == actor.pk and _is_same(last, body, files):
        return last
    if case.statements.filter(author=actor).count() >= MAX_STATEMENTS:
        raise CaseTooLong(limit=MAX_STATEMENTS)
    statement = say(step, actor, case, body, files)
    steps.finish(step, EventFacts(case=case.public_id))
    about = f"{case.public_id} {statement.pk}"
    notices.send_about(step, notices.Kind.CASE_WRITTEN, to=notices.other(step.side), about=about, words=body)
    return statement


@transaction.atomic
def ask_in_case(*, actor: User, case: Case, body: str, at: datetime) -> CaseStatement:
    """Ask both sides something, as who decides the case or its appeal. Sent twice in a row, it is there once.

    Raises NotFound, InvolvedInCase, SecondPersonNeeded, NotInThisState, NothingWritten, CaseTooLong.
    """
    is_appeal = case.milestone.state == State.APPEALED
    require = permissions.require_decide_appeal if is_appeal else permissions.require_decide
    require(actor, case)
    role = Actor.SECOND_MODERATOR if is_appeal else Actor.MODERATOR
    step = steps.begin_as(role=role, milestone=case.milestone, act=Act.ASK_IN_CASE, at=at, actor=actor)
    last = case.statements.last()
    if last is not None and last.author_id == actor.pk and _is_same(last, body, ()):
        return last
    if case.statements.filter(author=actor).count() >= MAX_STATEMENTS:
        raise CaseTooLong(limit=MAX_STATEMENTS)
    statement = say(step, actor, case, body, ())
    steps.finish(step, EventFacts(case=case.public_id))
    for side in (Actor.CLIENT, Actor.PROVIDER):
        about = f"{case.public_id} {statement.pk}"
        notices.send_about(step, notices.Kind.CASE_QUESTION, to=side, about=about, words=body)
    return statement


@transaction.atomic
def withdraw_case(*, actor: User, case: Case, at: datetime) -> Case:
    """Withdraw a case that nobody has decided. What was released when it was opened stays released.

    The milestone goes back to where it was, with the time that was left; what was stopped in clearing is payable.
    Raises NotFound, NotInThisState, TimeIsOver, NotYourCase, WithdrawnBefore.
    """
    step = steps.begin(actor=actor, milestone=case.milestone, act=Act.WITHDRAW_CASE, at=at)
    found = step.milestone
    current = found.cases.open().select_related("settlement").get()
    if current.opened_by_id != actor.pk:
        raise NotYourCase
    if was_withdrawn(found):
        raise WithdrawnBefore
    current.withdrawn_at = current.closed_at = at
    current.save(update_fields=["withdrawn_at", "closed_at"])
    found.divisions.filter(replaced_at=None, accepted_at=None).update(replaced_at=at)
    facts = EventFacts(case=current.public_id)
    if current.state_before != State.RELEASED:
        since = at - (current.opened_at - (current.since_before or current.opened_at))
        steps.finish(step, facts, state=State(current.state_before), since=since)
    else:
        if current.settlement is not None:
            ledger.release_clearing(reference=found.public_id, number=current.settlement.number, at=at)
        steps.finish(step, facts, state=State.ACCEPTED)
    account_services.record_audit(actor=actor, verb="contract_case.withdrawn", subject=current)
    notices.send_about(step, notices.Kind.CASE_WITHDRAWN, to=notices.other(step.side), about=current.public_id)
    return current


def was_withdrawn(milestone: Milestone) -> bool:
    """Return whether a case of this milestone was withdrawn: once, or clocks could be stopped again and again."""
    return milestone.cases.filter(withdrawn_at__isnull=False).exists()


def say(step: steps.Step, actor: User, case: Case, body: str, files: Sequence[Stored]) -> CaseStatement:
    """Add what a side says, or shows, to a case. Raises NothingWritten, TooManyFiles."""
    if not body and not files:
        raise NothingWritten
    require_number(files)
    statement = CaseStatement.objects.create(case=case, author=actor, body=body, made_at=step.at)
    unique = {one.sha256: one for one in files}
    CaseFile.objects.bulk_create(
        CaseFile(statement=statement, file_name=one.name, file=one.file, sha256=one.sha256, size_bytes=one.size_bytes)
        for one in unique.values()
    )
    return statement


def _is_same(statement: CaseStatement, body: str, files: Sequence[Stored]) -> bool:
    sent = {one.sha256 for one in files}
    return statement.body == body and set(statement.files.values_list("sha256", flat=True)) == sent


def _require_undisputed(milestone: Milestone) -> None:
    """Require that no bank decides about released money: two would decide about one amount. Raises BankDecides."""
    position = positions.position(milestone.public_id)
    if position is not None and position.has_open_dispute:
        raise BankDecides


def _require_amount(milestone: Milestone, minor: int, most: int) -> None:
    if not 1 <= minor <= most:
        raise AmountNotPossible(least=Money(1, milestone.currency), most=Money(most, milestone.currency))
