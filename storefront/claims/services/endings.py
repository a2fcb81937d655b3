"""The end of a claim: where the held money goes, who is told, and what follows from a dismissal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from storefront.claims.errors import OtherAddress, WrongStep
from storefront.claims.models import WON, Claim, News, Outcome
from storefront.claims.process import Act, Actor, State
from storefront.claims.selectors import steps
from storefront.claims.services import conduct, holds, locking, mailing, money
from storefront.community.models import CaseState
from storefront.community.services import thing_cases


def end(claim: Claim, outcome: Outcome, *, actor: User | None, at: datetime) -> Claim:
    """End a locked claim, and move the money: to the claimant who is right, else back to the authors."""
    locking.enter(claim, State.ENDED, at)
    claim.outcome, claim.ended_at = outcome, at
    if outcome == Outcome.AGREED:
        claim.won = tuple(range(len(claim.passages)))
    claim.winner = _payee(claim) if outcome in WON else None
    claim.save()
    holds.end(claim, at)
    if outcome in WON:
        money.pay(claim, at)
    else:
        money.release(claim, at)
    if claim.case is not None and claim.case.state != CaseState.CLOSED:
        thing_cases.close_case(case=claim.case)
    account_services.record_audit(actor=actor, verb="claim.ended", subject=claim, facts={"outcome": outcome})
    mailing.tell(claim, News.ENDED, *mailing.BOTH, at=at)
    if outcome == Outcome.DISMISSED:
        conduct.after_dismissal(claim, at)
    return claim


@transaction.atomic
def take(*, actor: User, claim: Claim, at: datetime) -> Claim:
    """Take the money of a claim that was made without an account. Raises WrongStep, OtherAddress."""
    claim = locking.lock(claim)
    locking.require(claim, Actor.CLAIMANT, Act.TAKE)
    if not steps.may_take(claim, at):
        raise WrongStep
    if not claim.email or actor.email.lower() != claim.email.lower():
        raise OtherAddress
    claim.winner = actor
    claim.save(update_fields=["winner"])
    money.name_winner(claim, actor, at)
    account_services.record_audit(actor=actor, verb="claim.taken", subject=claim)
    return claim


def _payee(claim: Claim) -> User | None:
    return claim.user if claim.user is not None and claim.user.is_active and not claim.user.is_guest else None
