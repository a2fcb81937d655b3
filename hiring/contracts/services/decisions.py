"""Decisions of cases by a person, in parts; appeals to a second person. Booked only once they are final.

Where a royalty share alone pays, nothing is divided: a ruling says what becomes of the milestone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.money import Money
from common.storage import Stored
from hiring.contracts import permissions, process
from hiring.contracts.errors import AmountNotPossible, RulingNeeded
from hiring.contracts.models import Case, EventFacts, RevisionRequest
from hiring.contracts.process import AFTER_RULING, Act, Actor, ShareRuling
from hiring.contracts.services import money, notices, steps
from hiring.contracts.services.cases import say
from royalties.dto import SettlementReason


@transaction.atomic
def decide_case(
    *, actor: User, case: Case, provider_minor: int = 0, ruling: str = "", reason: str, at: datetime
) -> Case:
    """Decide how much of the amount in question is the provider's, or what becomes of a share. Both sides may appeal.

    Raises NotFound, InvolvedInCase, NotInThisState, AmountNotPossible, RulingNeeded.
    """
    permissions.require_decide(actor, case)
    step = steps.begin_as(role=Actor.MODERATOR, milestone=case.milestone, act=Act.DECIDE, at=at, actor=actor)
    found = _open(step)
    found.share_ruling = _require_possible(found, provider_minor, ruling)
    found.decided_by, found.decided_at, found.provider_minor, found.decision = actor, at, provider_minor, reason
    found.as_decided_minor = provider_minor
    found.save(
        update_fields=["decided_by", "decided_at", "provider_minor", "as_decided_minor", "share_ruling", "decision"]
    )
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
            facts=_ruling_in_words(found.share_ruling),
        )
    return found


@transaction.atomic
def appeal(*, actor: User, case: Case, reason: str, files: Sequence[Stored] = (), at: datetime) -> Case:
    """Appeal against a decision. A second person decides.

    Raises NotFound, NotInThisState, TimeIsOver, TooManyFiles.
    """
    step = steps.begin(actor=actor, milestone=case.milestone, act=Act.APPEAL, at=at)
    found = _open(step)
    found.appealed_by, found.appealed_at, found.appeal = actor, at, reason
    found.save(update_fields=["appealed_by", "appealed_at", "appeal"])
    if files:
        say(step, actor, found, "", files)
    steps.finish(step, EventFacts(case=found.public_id))
    account_services.record_audit(actor=actor, verb="contract_case.appealed", subject=found)
    notices.send_about(step, notices.Kind.APPEALED, to=notices.other(step.side), about=found.public_id)
    return found


@transaction.atomic
def decide_appeal(
    *, actor: User, case: Case, provider_minor: int = 0, ruling: str = "", reason: str, at: datetime
) -> Case:
    """Decide the appeal as a second person. It is final.

    Raises NotFound, InvolvedInCase, SecondPersonNeeded, NotInThisState, AmountNotPossible, RulingNeeded.
    """
    permissions.require_decide_appeal(actor, case)
    step = steps.begin_as(
        role=Actor.SECOND_MODERATOR, milestone=case.milestone, act=Act.DECIDE_APPEAL, at=at, actor=actor
    )
    found = _open(step)
    permissions.require_decide_appeal(actor, found)  # who decided it may have been written since it was read
    found.appeal_share_ruling = _require_possible(found, provider_minor, ruling)
    found.appeal_decided_by, found.appeal_decided_at = actor, at
    found.appeal_provider_minor, found.appeal_decision = provider_minor, reason
    found.save(
        update_fields=[
            *("appeal_decided_by", "appeal_decided_at", "appeal_provider_minor"),
            *("appeal_share_ruling", "appeal_decision"),
        ]
    )
    account_services.record_audit(actor=actor, verb="contract_case.appeal_decided", subject=found)
    close(step, found, provider_minor=provider_minor)
    return found


def close(step: steps.Step, case: Case, *, provider_minor: int) -> None:
    """Book a decision that is final."""
    facts = money.settle_case(step, case, provider_minor=provider_minor, reason=SettlementReason.DECIDED)
    case.closed_at = step.at
    case.save(update_fields=["closed_at"])
    ruling = case.appeal_share_ruling or case.share_ruling
    if ruling == ShareRuling.REVISE:
        _ask_for_revision(step, case)
    steps.finish(step, facts, state=AFTER_RULING[ShareRuling(ruling)] if ruling else None)
    for side in (Actor.CLIENT, Actor.PROVIDER):
        notices.send_about(
            step,
            notices.Kind.CASE_CLOSED,
            to=side,
            about=case.public_id,
            minor=provider_minor,
            rest_minor=case.amount_minor - provider_minor,
            facts=_ruling_in_words(ruling),
        )


def _ask_for_revision(step: steps.Step, case: Case) -> None:
    """Note what is to be revised, in the words of the decision. It counts as none of the agreed rounds."""
    delivery = step.milestone.deliveries.order_by("-number").first()
    if delivery is None or RevisionRequest.objects.filter(delivery=delivery).exists():
        return
    RevisionRequest.objects.create(
        delivery=delivery,
        asked_by=step.contract.client,
        asked_at=step.at,
        wishes=case.appeal_decision or case.decision,
    )


def _ruling_in_words(ruling: str) -> Callable[[], dict[str, str]]:
    """Return what makes a ruling's words once the language of a mail's reader is active."""
    return lambda: {"ruling": str(ShareRuling(ruling).label) if ruling else ""}


def _open(step: steps.Step) -> Case:
    """Return the open case of the milestone, whose contract is locked."""
    found = step.milestone.cases.open().select_related("settlement", "milestone__contract").get()
    found.milestone = step.milestone
    return found


def _require_possible(case: Case, minor: int, ruling: str) -> str:
    """Return the ruling of a case about a share, "" for one about money. Raises AmountNotPossible, RulingNeeded."""
    if not 0 <= minor <= case.amount_minor:
        currency = case.milestone.currency
        raise AmountNotPossible(least=Money(0, currency), most=Money(case.amount_minor, currency))
    if case.is_about_share and ruling not in ShareRuling.values:
        raise RulingNeeded
    return ruling if case.is_about_share else ""
