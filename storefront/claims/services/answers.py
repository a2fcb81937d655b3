"""The two sides of a claim: the owner of the book answers, the claimant upholds the claim or withdraws it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from royalties.selectors import splits
from storefront.claims import permissions
from storefront.claims.errors import NotYourClaim, WordsMissing, WrongStep
from storefront.claims.models import Claim, News, Outcome, Reply, Side
from storefront.claims.process import Act, Actor, State
from storefront.claims.selectors import steps
from storefront.claims.services import endings, locking, mailing
from storefront.community.models import Reported
from storefront.community.services import thing_cases


@transaction.atomic
def answer(*, actor: User, claim: Claim, reply: Reply, words: str, at: datetime) -> Claim:
    """Answer as the owner of the book, once. Who agrees ends the claim, and the claimant gets what is held.

    Where others have a share of the book's royalties, a moderator decides even if the owner agrees: nobody gives away
    what is not theirs. Raises NotYourClaim, WrongStep, WordsMissing.
    """
    claim = locking.lock(claim)
    if not permissions.may_answer(actor, claim.work):
        raise NotYourClaim
    locking.require(claim, Actor.AUTHOR, Act.ANSWER)
    if not steps.may_answer(claim, at):
        raise WrongStep
    if reply != Reply.AGREE and not words.strip():
        raise WordsMissing
    claim.answer, claim.answer_words, claim.answered_at = reply, words.strip(), at
    account_services.record_audit(actor=actor, verb="claim.answered", subject=claim, facts={"answer": reply})
    if reply == Reply.AGREE and not has_other_payees(claim, at):
        return endings.end(claim, Outcome.AGREED, actor=actor, at=at)
    if reply == Reply.AGREE:
        return claim if _stays(claim) else await_decision(claim, at)
    if not _stays(claim):
        locking.enter(claim, State.CONTESTED, at)
        claim.save()
    mailing.tell(claim, News.ANSWERED, Side.CLAIMANT, at=at)
    return claim


def _stays(claim: Claim) -> bool:
    """Save a late answer, which waits for the decision with everything else; return whether it is one."""
    is_late = claim.state == State.DECIDING
    if is_late:
        claim.save()
    return is_late


def has_other_payees(claim: Claim, at: datetime) -> bool:
    """Return whether somebody else than the owner earns by the book."""
    shares = splits.splits_in_force(work_ids=[claim.work_id], at=at)[claim.work_id]
    return any(share.user_id != claim.work.owner_id for share in shares)


@transaction.atomic
def uphold(*, claim: Claim, evidence: str, at: datetime) -> Claim:
    """Uphold a contested claim with evidence, as the claimant. Raises WrongStep, WordsMissing."""
    claim = locking.lock(claim)
    locking.require(claim, Actor.CLAIMANT, Act.UPHOLD)
    if not steps.may_uphold(claim, at):
        raise WrongStep
    if not evidence.strip():
        raise WordsMissing
    claim.evidence, claim.upheld_at = evidence.strip(), at
    account_services.record_audit(actor=claim.user, verb="claim.insisted", subject=claim)
    return await_decision(claim, at)


@transaction.atomic
def withdraw(*, claim: Claim, at: datetime) -> Claim:
    """Withdraw a claim, as the claimant. What is held goes back. Raises WrongStep.

    Once a moderator has found it right for no passage it ends as dismissed: otherwise nobody's claims would ever count
    as dismissed.
    """
    claim = locking.lock(claim)
    locking.require(claim, Actor.CLAIMANT, Act.WITHDRAW)
    is_dismissed = claim.decided_at is not None and not claim.won
    return endings.end(claim, Outcome.DISMISSED if is_dismissed else Outcome.WITHDRAWN, actor=claim.user, at=at)


def await_decision(claim: Claim, at: datetime) -> Claim:
    """Have a moderator decide a locked claim: open its case."""
    locking.enter(claim, State.DECIDING, at)
    claim.case = thing_cases.open_case(
        reported=Reported.CLAIM, thing_id=claim.public_id, title=claim.work.title, owner=claim.work.owner, at=at
    )
    claim.save()
    mailing.tell(claim, News.DECIDING, *mailing.BOTH, at=at)
    return claim
