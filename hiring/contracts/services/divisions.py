"""Ending a milestone together: one side proposes how to divide the money, the other accepts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.money import Money
from hiring.contracts import process
from hiring.contracts.errors import AmountNotPossible, NoSuchProposal, OwnProposal
from hiring.contracts.models import Case, Division, EventFacts, Milestone
from hiring.contracts.process import CASE_STATES, Act, Actor
from hiring.contracts.services import money, notices, steps
from royalties.dto import SettlementReason


@transaction.atomic
def propose_division(
    *, actor: User, milestone: Milestone, provider_minor: int, reason: str = "", at: datetime
) -> Division:
    """Propose what the provider gets of what is held, or of what a case is about; the client gets the rest.

    Raises NotFound, NotInThisState, TimeIsOver, AmountNotPossible.
    """
    step = steps.begin(actor=actor, milestone=milestone, act=Act.PROPOSE_DIVISION, at=at)
    found = step.milestone
    whole = divisible_minor(found)
    if not 0 <= provider_minor <= whole:
        raise AmountNotPossible(least=Money(0, found.currency), most=Money(whole, found.currency))
    found.divisions.filter(proposed_by=actor, replaced_at=None, accepted_at=None).update(replaced_at=at)
    division = Division.objects.create(
        milestone=found,
        proposed_by=actor,
        whole_minor=whole,
        provider_minor=provider_minor,
        reason=reason,
        proposed_at=at,
    )
    steps.finish(step)
    notices.send_about(
        step,
        notices.Kind.DIVISION,
        to=notices.other(step.side),
        about=division.public_id,
        minor=provider_minor,
        rest_minor=whole - provider_minor,
    )
    return division


@transaction.atomic
def accept_division(*, actor: User, division: Division, at: datetime) -> Milestone:
    """Accept what the other side proposed. It is final at once.

    Raises NotFound, NotInThisState, TimeIsOver, OwnProposal, NoSuchProposal.
    """
    step = steps.begin(actor=actor, milestone=division.milestone, act=Act.ACCEPT_DIVISION, at=at, together=True)
    found = step.milestone
    current = found.divisions.filter(pk=division.pk, replaced_at=None, accepted_at=None).first()
    if current is None or current.whole_minor != divisible_minor(found):
        raise NoSuchProposal
    if current.proposed_by_id == actor.pk:
        raise OwnProposal
    current.accepted_at = at
    current.save(update_fields=["accepted_at"])
    reason = SettlementReason.AGREED if found.state in CASE_STATES else SettlementReason.ENDED
    case = open_case_of(found)
    if case is not None:
        facts = money.settle_case(step, case, provider_minor=current.provider_minor, reason=reason)
        case.closed_at = at
        case.save(update_fields=["closed_at"])
    else:
        returned = current.whole_minor - current.provider_minor
        by = process.cancels(step.row, asked_by=step.contract.side_of(current.proposed_by))
        facts = money.settle(step, released=current.provider_minor, returned=returned, reason=reason, canceled_by=by)
    steps.finish(step, facts)
    _tell(step, facts)
    return found


def _tell(step: steps.Step, facts: EventFacts) -> None:
    for side in (Actor.CLIENT, Actor.PROVIDER):
        if not facts.canceled_by:
            kind = notices.Kind.DIVIDED
            notices.send_about(step, kind, to=side, minor=facts.released_minor, rest_minor=facts.returned_minor)
            continue
        kind = notices.Kind.CANCELED_BY_YOU if side == facts.canceled_by else notices.Kind.CANCELED
        back = facts.returned_minor - facts.kept_minor
        notices.send_about(step, kind, to=side, minor=back, kept_minor=facts.kept_minor)


def divisible_minor(milestone: Milestone) -> int:
    """Return what can be divided: what an open case is about, else what is held."""
    case = open_case_of(milestone)
    return milestone.held_minor if case is None else case.amount_minor


def open_case_of(milestone: Milestone) -> Case | None:
    return milestone.cases.open().select_related("settlement").first()
