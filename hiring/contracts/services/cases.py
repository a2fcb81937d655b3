"""Cases: one side says what is in question and why, the other answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.money import Money
from hiring.contracts import process
from hiring.contracts.errors import AmountNotPossible, OwnCase
from hiring.contracts.models import Case, CaseStatement, EventFacts, Milestone
from hiring.contracts.process import Act, Ledger
from hiring.contracts.services import money, notices, steps
from royalties.dto import SettlementReason
from royalties.services import milestones as ledger


@transaction.atomic
def open_case(*, actor: User, milestone: Milestone, amount_minor: int, reason: str, at: datetime) -> Case:
    """Open a case about part of the money; what is not in question is released.

    Within the days of clearing after a release by silence, what was released is stopped instead.
    Raises NotFound, NotInThisState, TimeIsOver, AmountNotPossible.
    """
    step = steps.begin(actor=actor, milestone=milestone, act=Act.OPEN_CASE, at=at)
    found = step.milestone
    settlement = None
    if step.row.ledger == Ledger.HOLD_CLEARING:
        settlement = found.settlements.filter(by_silence=True).order_by("-number")[0]
        _require_amount(found, amount_minor, settlement.released_minor)
        ledger.hold_clearing(reference=found.public_id, number=settlement.number, at=at)
        facts = EventFacts()
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
        amount_minor=amount_minor,
        reason=reason,
    )
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
def answer_case(*, actor: User, case: Case, body: str, at: datetime) -> CaseStatement:
    """Answer a case; it is then ready to be decided. Until a decision both sides may add to what they said.

    Raises NotFound, NotInThisState, TimeIsOver, OwnCase.
    """
    if case.opened_by_id == actor.pk:
        raise OwnCase
    step = steps.begin(actor=actor, milestone=case.milestone, act=Act.ANSWER, at=at)
    statement = CaseStatement.objects.create(case=case, author=actor, body=body, made_at=at)
    case.answered_at = at
    case.save(update_fields=["answered_at"])
    steps.finish(step, EventFacts(case=case.public_id))
    notices.send_about(step, notices.Kind.CASE_ANSWERED, to=notices.other(step.side), about=case.public_id)
    return statement


def _require_amount(milestone: Milestone, minor: int, most: int) -> None:
    if not 1 <= minor <= most:
        raise AmountNotPossible(least=Money(1, milestone.currency), most=Money(most, milestone.currency))
