"""Decisions of cases by a person, in parts; appeals to a second person. Booked only once they are final."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.money import Money
from hiring.contracts import permissions, process
from hiring.contracts.errors import AmountNotPossible
from hiring.contracts.models import Case, EventFacts
from hiring.contracts.process import Act, Actor
from hiring.contracts.services import money, notices, steps
from royalties.dto import SettlementReason


@transaction.atomic
def decide_case(*, actor: User, case: Case, provider_minor: int, reason: str, at: datetime) -> Case:
    """Decide how much of the amount in question is the provider's. Both sides may appeal.

    Raises NotFound, InvolvedInCase, NotInThisState, AmountNotPossible.
    """
    permissions.require_decide(actor, case)
    step = steps.begin_as(role=Actor.MODERATOR, milestone=case.milestone, act=Act.DECIDE, at=at, actor=actor)
    found = _open(step)
    _require_amount(found, provider_minor)
    found.decided_by, found.decided_at, found.provider_minor, found.decision = actor, at, provider_minor, reason
    found.as_decided_minor = provider_minor
    found.save(update_fields=["decided_by", "decided_at", "provider_minor", "as_decided_minor", "decision"])
    steps.finish(step, EventFacts(case=found.public_id))
    account_services.record_audit(actor=actor, verb="contract_case.decided", subject=found)
    until = step.milestone.moments.of(process.APPEAL_ENDS)
    for side in (Actor.CLIENT, Actor.PROVIDER):
        notices.send_about(
            step,
            notices.Kind.DECIDED,
            to=side,
            until=until,
            about=found.public_id,
            minor=provider_minor,
            rest_minor=found.amount_minor - provider_minor,
            words=reason,
        )
    return found


@transaction.atomic
def appeal(*, actor: User, case: Case, reason: str, at: datetime) -> Case:
    """Appeal against a decision. A second person decides. Raises NotFound, NotInThisState, TimeIsOver."""
    step = steps.begin(actor=actor, milestone=case.milestone, act=Act.APPEAL, at=at)
    found = _open(step)
    found.appealed_by, found.appealed_at, found.appeal = actor, at, reason
    found.save(update_fields=["appealed_by", "appealed_at", "appeal"])
    steps.finish(step, EventFacts(case=found.public_id))
    account_services.record_audit(actor=actor, verb="contract_case.appealed", subject=found)
    notices.send_about(step, notices.Kind.APPEALED, to=notices.other(step.side), about=found.public_id)
    return found


@transaction.atomic
def decide_appeal(*, actor: User, case: Case, provider_minor: int, reason: str, at: datetime) -> Case:
    """Decide the appeal as a second person. It is final.

    Raises NotFound, InvolvedInCase, SecondPersonNeeded, NotInThisState, AmountNotPossible.
    """
    permissions.require_decide_appeal(actor, case)
    step = steps.begin_as(
        role=Actor.SECOND_MODERATOR, milestone=case.milestone, act=Act.DECIDE_APPEAL, at=at, actor=actor
    )
    found = _open(step)
    _require_amount(found, provider_minor)
    found.appeal_decided_by, found.appeal_decided_at = actor, at
    found.appeal_provider_minor, found.appeal_decision = provider_minor, reason
    found.save(update_fields=["appeal_decided_by", "appeal_decided_at", "appeal_provider_minor", "appeal_decision"])
    account_services.record_audit(actor=actor, verb="contract_case.appeal_decided", subject=found)
    close(step, found, provider_minor=provider_minor)
    return found


def close(step: steps.Step, case: Case, *, provider_minor: int) -> None:
    """Book a decision that is final."""
    facts = money.settle_case(step, case, provider_minor=provider_minor, reason=SettlementReason.DECIDED)
    case.closed_at = step.at
    case.save(update_fields=["closed_at"])
    steps.finish(step, facts)
    for side in (Actor.CLIENT, Actor.PROVIDER):
        notices.send_about(
            step,
            notices.Kind.CASE_CLOSED,
            to=side,
            about=case.public_id,
            minor=provider_minor,
            rest_minor=case.amount_minor - provider_minor,
        )


def _open(step: steps.Step) -> Case:
    """Return the open case of the milestone, whose contract is locked."""
    found = step.milestone.cases.open().select_related("settlement", "milestone__contract").get()
    found.milestone = step.milestone
    return found


def _require_amount(case: Case, minor: int) -> None:
    if not 0 <= minor <= case.amount_minor:
        currency = case.milestone.currency
        raise AmountNotPossible(least=Money(0, currency), most=Money(case.amount_minor, currency))
