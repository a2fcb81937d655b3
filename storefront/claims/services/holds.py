"""Holding back the disputed share of a book's earnings: at once by rule, or after a moderator has looked.

At once only if the comparison of books found the passages and the claimant is known to the shop, and fewer than two of
their claims were dismissed within a year: an unproved claim that stops money would be a weapon.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from storefront.claims import permissions
from storefront.claims.errors import NotYourClaim, WordsMissing, WrongStep
from storefront.claims.models import Claim, Hold, HoldState, News, Side
from storefront.claims.process import Act, Actor
from storefront.claims.selectors import conduct
from storefront.claims.services import locking, mailing, money


def begin(claim: Claim, at: datetime) -> Hold:
    """Hold at once, or ask a moderator to look. The claim is locked and begins to count now."""
    is_at_once = (
        claim.by_machine and conduct.is_known(claim.user) and not conduct.needs_look(claim.user, claim.email, at)
    )
    hold = Hold.objects.create(
        claim=claim,
        state=HoldState.HELD if is_at_once else HoldState.LOOK,
        is_at_once=is_at_once,
        begun_at=at if is_at_once else None,
    )
    if is_at_once:
        money.begin(hold, at)
        account_services.record_audit(
            actor=None, verb="claim.hold_begun", subject=claim, facts={"share_bps": hold.share_bps}
        )
    return hold


@transaction.atomic
def look(*, actor: User, claim: Claim, is_held: bool, reason: str, at: datetime) -> Hold:
    """Say after a look whether the share is held until the decision. Raises NotYourClaim, WrongStep, WordsMissing."""
    claim = locking.lock(claim)
    locking.require(claim, Actor.MODERATOR, Act.LOOK)
    if not permissions.may_moderate(actor, claim):
        raise NotYourClaim
    if claim.hold.state != HoldState.LOOK:
        raise WrongStep
    if not reason.strip():
        raise WordsMissing
    hold = claim.hold
    hold.looked_by, hold.looked_at, hold.reason = actor, at, reason.strip()
    put_in_force(claim, at) if is_held else _refuse(hold)
    verb = "claim.hold_begun" if is_held else "claim.hold_refused"
    account_services.record_audit(actor=actor, verb=verb, subject=claim, facts={"share_bps": hold.share_bps})
    if is_held:
        mailing.tell(claim, News.HELD, *mailing.BOTH, at=at)
    else:
        mailing.tell(claim, News.NOT_HELD, Side.CLAIMANT, at=at)
    return hold


def put_in_force(claim: Claim, at: datetime) -> None:
    """Hold the share of a locked claim from now on."""
    hold = claim.hold
    hold.state, hold.begun_at = HoldState.HELD, at
    hold.save()
    money.begin(hold, at)


def _refuse(hold: Hold) -> None:
    hold.state = HoldState.REFUSED
    hold.save()


def end(claim: Claim, at: datetime) -> None:
    """Hold nothing more because of a claim that ends. Where the money goes is the caller's to say."""
    hold = claim.hold
    hold.state, hold.ended_at = HoldState.ENDED, at
    hold.save(update_fields=["state", "ended_at"])
