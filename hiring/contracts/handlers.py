"""What funding tells contracts, and what contracts ask of funding: doors between the two, in one transaction."""

from __future__ import annotations

from datetime import datetime

from common.money import Money
from hiring.contracts import hooks, services
from hiring.contracts.models import Milestone
from hiring.contracts.selectors import evidence
from hiring.contracts.services import steps
from hiring.funding import hooks as funding_hooks
from hiring.funding import services as funding_services
from hiring.funding.hooks import Dispute
from royalties.dto import SettlementReason
from royalties.selectors import milestones as ledger


def register() -> None:
    """Listen to funding, and send back through it what contracts return. Called once, when the app is ready."""
    funding_hooks.when_locking(lock)
    funding_hooks.when_paid(paid)
    funding_hooks.when_disputed(disputed)
    funding_hooks.when_answering(evidence.work_log)
    hooks.when_returned(send_back)


def lock(reference: str) -> None:
    """Lock the contract before its payment is locked, as its own steps do."""
    milestone = Milestone.objects.filter(public_id=reference).first()
    if milestone is not None:
        steps.lock_contract(milestone.contract_id)


def paid(reference: str, charge_reference: str, at: datetime) -> None:
    """Note that a milestone's payment has arrived."""
    services.milestone_paid(reference=reference, charge_reference=charge_reference, at=at)


def disputed(reference: str, what: Dispute, at: datetime) -> None:
    """Stop a milestone while a bank decides; go on with what the bank left or gave back, once nothing is in dispute."""
    position = ledger.position(reference)
    held = position.held.amount_minor if position is not None else 0
    is_disputed = position is not None and position.has_open_dispute
    if what == Dispute.OPENED:
        services.payment_disputed(reference=reference, at=at)
    elif what == Dispute.WON:
        services.payment_dispute_won(reference=reference, held_minor=held, is_disputed=is_disputed, at=at)
    else:
        services.payment_dispute_lost(reference=reference, left_minor=held, is_disputed=is_disputed, at=at)


def send_back(milestone: Milestone, amount: Money, reason: SettlementReason, at: datetime) -> None:
    """Send money back to the client."""
    funding_services.request_refund(reference=milestone.public_id, amount=amount, reason=reason, at=at)
