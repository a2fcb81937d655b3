"""A moderator's decision of a claim, appeals against it, and the second person's decision.

They are those of the claim's case: rule, evidence, reason and the second person are checked where those of all cases
are (`community.services.moderation`). Here it is said for which passages the claim is right.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from storefront.claims import permissions
from storefront.claims.errors import AppealStillOpen, NotYourClaim, WordsMissing, WrongStep
from storefront.claims.models import Appeal, Claim, HoldState, News, Outcome, Side
from storefront.claims.process import Act, Actor, State
from storefront.claims.selectors import steps
from storefront.claims.services import endings, holds, locking, mailing
from storefront.community.models import AppealOutcome, CaseOutcome, ReportRule, ReviewCase
from storefront.community.services import moderation, thing_cases


@transaction.atomic
def decide(
    *, actor: User, claim: Claim, won: Collection[int], evidence: str, reason: str, seen: str, at: datetime
) -> Claim:
    """Decide for which passages a claim is right; none dismisses it. No money moves before the time for appeals ends.

    Raises NotYourClaim, WrongStep, and what deciding a case raises.
    """
    claim = locking.lock(claim)
    locking.require(claim, Actor.MODERATOR, Act.DECIDE)
    if not permissions.may_moderate(actor, claim):
        raise NotYourClaim
    right = _numbers(claim, won)
    claim.case = moderation.decide(
        actor=actor,
        case=_case(claim),
        outcome=CaseOutcome.UPHELD if right else CaseOutcome.KEEP,
        rule=ReportRule.COPYRIGHT if right else None,
        evidence=evidence,
        reason=reason,
        seen=seen,
        at=at,
    )
    locking.enter(claim, State.DECIDED, at)
    claim.won, claim.decided_at = right, at
    claim.save()
    if right and claim.hold.state in {HoldState.LOOK, HoldState.REFUSED}:
        holds.put_in_force(claim, at)  # a person has looked now
    mailing.tell(claim, News.DECIDED, *mailing.BOTH, at=at)
    return claim


@transaction.atomic
def appeal(*, actor: User | None, claim: Claim, side: Side, words: str, at: datetime) -> Claim:
    """Appeal as one of the sides, whose identity the caller has checked. Raises WrongStep, WordsMissing."""
    claim = locking.lock(claim)
    locking.require(claim, steps.ACTORS[side], Act.APPEAL)
    if not steps.may_appeal(claim, side, at):
        raise WrongStep
    if not words.strip():
        raise WordsMissing
    Appeal.objects.create(claim=claim, side=side, words=words.strip(), made_at=at)
    thing_cases.appeal_case(actor=actor, case=_case(claim), text=words, at=at)
    if claim.state == State.DECIDED:
        locking.enter(claim, State.APPEALED, at)
        claim.save(update_fields=["state", "began_at"])
    other = Side.AUTHOR if side == Side.CLAIMANT else Side.CLAIMANT
    mailing.tell(claim, News.APPEALED, other, at=at)
    return claim


@transaction.atomic
def decide_appeal(*, actor: User, claim: Claim, won: Collection[int], reason: str, seen: str, at: datetime) -> Claim:
    """Decide an appeal as a second person, and end the claim with it.

    Raises NotYourClaim, WrongStep, AppealStillOpen, and what deciding the appeal of a case raises.
    """
    claim = locking.lock(claim)
    locking.require(claim, Actor.SECOND_MODERATOR, Act.DECIDE_APPEAL)
    if not permissions.may_decide_appeal(actor, claim):
        raise NotYourClaim
    if any(steps.may_appeal(claim, side, at) for side in Side):
        until = max(filter(None, (steps.appeal_until(claim, side) for side in Side)), default=at)
        raise AppealStillOpen(until=until.date())
    right = _numbers(claim, won)
    outcome = AppealOutcome.UPHELD if right == claim.won else AppealOutcome.OVERTURNED
    claim.case = moderation.decide_appeal(
        actor=actor, case=_case(claim), outcome=outcome, reason=reason, seen=seen, at=at
    )
    claim.won = right
    mailing.tell(claim, News.APPEAL_DECIDED, *mailing.BOTH, at=at)
    return endings.end(claim, Outcome.UPHELD if right else Outcome.DISMISSED, actor=actor, at=at)


def make_final(claim: Claim, at: datetime) -> Claim:
    """End a locked claim whose decision nobody has appealed in time."""
    outcome = Outcome.UPHELD if claim.won else Outcome.DISMISSED
    return endings.end(claim, outcome, actor=None, at=at)


def _numbers(claim: Claim, won: Collection[int]) -> tuple[int, ...]:
    return tuple(number for number in range(len(claim.passages)) if number in won)


def _case(claim: Claim) -> ReviewCase:
    if claim.case is None:
        raise WrongStep
    return claim.case
