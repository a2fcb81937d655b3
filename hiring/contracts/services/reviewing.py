"""What the client makes of a delivery: accepts all or a part, or asks for a revision."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from hiring.contracts import process
from hiring.contracts.errors import NoRoundsLeft
from hiring.contracts.models import Milestone, RevisionRequest
from hiring.contracts.process import Act, Actor
from hiring.contracts.services import money, notices, steps
from royalties.dto import SettlementReason


@transaction.atomic
def accept(*, actor: User, milestone: Milestone, released_minor: int | None = None, at: datetime) -> Milestone:
    """Accept a delivery: its money is payable with the next clearing run. With an amount, release only that part; the
    rest stays held and its clock runs on.

    Raises NotFound, NotInThisState, TimeIsOver, AmountNotPossible.
    """
    if released_minor is not None and released_minor != milestone.held_minor:
        return _accept_part(actor, milestone, released_minor, at)
    step = steps.begin(actor=actor, milestone=milestone, act=Act.ACCEPT, at=at)
    if released_minor is not None:
        money.require_part(step.milestone, released_minor)
    facts = money.settle_all(step, reason=SettlementReason.ACCEPTED)
    steps.finish(step, facts)
    notices.send_about(step, notices.Kind.ACCEPTED, to=Actor.PROVIDER, minor=facts.released_minor)
    return step.milestone


def _accept_part(actor: User, milestone: Milestone, released_minor: int, at: datetime) -> Milestone:
    step = steps.begin(actor=actor, milestone=milestone, act=Act.ACCEPT_PART, at=at)
    money.require_part(step.milestone, released_minor, whole=False)
    facts = money.settle(step, released=released_minor, returned=0, reason=SettlementReason.ACCEPTED_IN_PART)
    steps.finish(step, facts)
    about = f"{step.milestone.public_id} {step.milestone.settlements.count()}"
    notices.send_about(step, notices.Kind.ACCEPTED_PART, to=Actor.PROVIDER, minor=released_minor, about=about)
    return step.milestone


@transaction.atomic
def request_revision(*, actor: User, milestone: Milestone, wishes: str, at: datetime) -> RevisionRequest:
    """Ask for one of the agreed revisions. Raises NotFound, NotInThisState, TimeIsOver, NoRoundsLeft."""
    step = steps.begin(actor=actor, milestone=milestone, act=Act.REQUEST_REVISION, at=at)
    found, rounds = step.milestone, step.contract.terms.revision_rounds
    if found.rounds_used >= rounds:
        raise NoRoundsLeft(rounds=rounds)
    found.rounds_used += 1
    delivery = found.deliveries.order_by("-number")[0]
    request = RevisionRequest.objects.create(delivery=delivery, asked_by=actor, asked_at=at, wishes=wishes)
    steps.finish(step)
    until = found.moments.of(process.REVISION_AGREED)
    notices.send_about(
        step, notices.Kind.REVISION, to=Actor.PROVIDER, until=until, about=delivery.public_id, words=wishes
    )
    return request
