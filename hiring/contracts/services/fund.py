"""The protection fund pays a provider whose delivery is proved: one person proposes, another decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed, NotFound
from hiring.contracts import permissions
from hiring.contracts.errors import FundClaimDecided, FundDoesNotPay, FundIsEmpty
from hiring.contracts.models import FundClaim, FundClaimState
from hiring.contracts.process import Actor
from hiring.contracts.selectors import fund as selectors
from hiring.contracts.selectors.fund import LostDispute
from hiring.contracts.services import notices, steps
from royalties.services import milestones as ledger


@transaction.atomic
def propose_payment(*, actor: User, dispute_reference: str, note: str, at: datetime) -> FundClaim:
    """Propose that the fund bears a provider's loss. Raises NotAllowed, NotFound, FundDoesNotPay."""
    if not permissions.may_propose_fund_payments(actor):
        raise NotAllowed
    lost = _lost(dispute_reference, at)
    if lost.claim is not None:
        raise FundClaimDecided
    claim = FundClaim.objects.create(
        milestone=lost.milestone,
        dispute_reference=dispute_reference,
        note=note[:500],
        proposed_by=actor,
        proposed_at=at,
    )
    account_services.record_audit(actor=actor, verb="fund_payment.proposed", subject=claim)
    return claim


@transaction.atomic
def decide_payment(*, actor: User, claim: FundClaim, is_approved: bool, at: datetime) -> FundClaim:
    """Pay, or decline, what somebody else proposed.

    Raises NotAllowed, FundClaimDecided, FundDoesNotPay, FundIsEmpty.
    """
    steps.lock_contract(claim.milestone.contract_id)
    claim = FundClaim.objects.select_for_update(of=("self",)).select_related("milestone").get(pk=claim.pk)
    if not permissions.may_decide_fund_payment(actor, claim, is_approved=is_approved):
        raise NotAllowed
    if claim.state != FundClaimState.PROPOSED:
        raise FundClaimDecided
    claim.state = FundClaimState.DECLINED
    if is_approved:
        lost = _lost(claim.dispute_reference, at)
        paid = ledger.cover(
            external_id=claim.dispute_reference, at=at, with_held=True, most_minor=lost.most.amount_minor
        )
        if not paid:
            raise FundIsEmpty
        claim.state, claim.paid_minor = FundClaimState.PAID, paid
    claim.decided_by, claim.decided_at = actor, at
    claim.save()
    verb = "fund_payment.approved" if is_approved else "fund_payment.declined"
    account_services.record_audit(actor=actor, verb=verb, subject=claim)
    if is_approved:
        milestone = claim.milestone
        notices.send(
            milestone.contract,
            notices.Kind.FUND_PAID,
            to=Actor.PROVIDER,
            about=claim.public_id,
            milestone=milestone,
            minor=claim.paid_minor,
            at=at,
        )
    return claim


def _lost(dispute_reference: str, at: datetime) -> LostDispute:
    """Raises NotFound, FundDoesNotPay with the reasons."""
    lost = selectors.lost_dispute(dispute_reference, at=at)
    if lost is None:
        raise NotFound
    if lost.dispute.fund_entry_id is not None:
        raise FundClaimDecided
    if lost.reasons:
        raise FundDoesNotPay(reasons=" ".join(lost.reasons))
    return lost
