"""Money that goes back to the client without a case: the provider gives it back, or did not deliver."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from hiring.contracts import process
from hiring.contracts.errors import ProviderPresent
from hiring.contracts.models import Milestone
from hiring.contracts.process import Act, Actor
from hiring.contracts.services import money, notices, steps
from royalties.dto import SettlementReason


@transaction.atomic
def give_back(*, actor: User, milestone: Milestone, returned_minor: int | None = None, at: datetime) -> Milestone:
    """Give held money back to the client: all of it, which ends the milestone, or a part.

    Raises NotFound, NotInThisState, TimeIsOver, AmountNotPossible.
    """
    is_part = returned_minor is not None and returned_minor != milestone.held_minor
    act = Act.GIVE_BACK_PART if is_part else Act.GIVE_BACK
    step = steps.begin(actor=actor, milestone=milestone, act=act, at=at)
    found = step.milestone
    if returned_minor is not None:
        money.require_part(found, returned_minor, whole=not is_part)
    back = found.held_minor if returned_minor is None else returned_minor
    by = process.cancels(step.row)
    facts = money.settle(step, released=0, returned=back, reason=SettlementReason.GIVEN_BACK, canceled_by=by)
    steps.finish(step, facts)
    about = f"{found.public_id} {found.settlements.count()}"
    notices.send_about(step, notices.Kind.GIVEN_BACK, to=Actor.CLIENT, minor=back, about=about)
    return found


@transaction.atomic
def take_back_late(*, actor: User, milestone: Milestone, at: datetime) -> Milestone:
    """Take back what is a week late. Raises NotFound, NotInThisState, TooEarly, TimeIsOver."""
    step = steps.begin(actor=actor, milestone=milestone, act=Act.TAKE_BACK, at=at)
    return _take_back(step)


@transaction.atomic
def take_back_from_absent(*, actor: User, milestone: Milestone, at: datetime) -> Milestone:
    """Take back what a provider cannot deliver any more, because their account is closed.

    Raises NotFound, NotInThisState, TimeIsOver, ProviderPresent.
    """
    step = steps.begin(actor=actor, milestone=milestone, act=Act.TAKE_BACK_FROM_ABSENT, at=at)
    if step.contract.provider.is_active:
        raise ProviderPresent(late=step.contract.days.late)
    return _take_back(step)


def _take_back(step: steps.Step) -> Milestone:
    by = process.cancels(step.row)
    facts = money.settle_all(step, reason=SettlementReason.NOT_DELIVERED, canceled_by=by)
    steps.finish(step, facts)
    notices.send_about(step, notices.Kind.TAKEN_BACK, to=Actor.PROVIDER, minor=facts.returned_minor)
    return step.milestone
