"""Disputes with the client's bank: the provider's current state is fetched, then applied in one transaction.

Safe to repeat in any order: the ledger opens a dispute before it decides it, whichever notice came first.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from accounts import services as account_services
from common import clock, jobs
from hiring.funding import hooks
from hiring.funding.models import BankDispute, MilestonePayment, PaymentState, RefundState
from payments import selectors as payment_selectors
from payments import services as payment_services
from payments.event_time import happened_at
from payments.gateway import DisputeDetails
from payments.registry import NotYetKnown
from royalties.dto import MilestoneDisputeFacts
from royalties.services import appeals, duplicate_payments, milestones, sales
from royalties.services import disputes as ledger_disputes
from royalties.services.disputes import DisputeFacts

logger = structlog.stdlib.get_logger(__name__)

_CLOSED = "charge.dispute.closed"
_WON, _LOST = "won", "lost"
_OUTCOME_OF = {"won": _WON, "prevented": _WON, "lost": _LOST}


def sync_dispute(*, dispute_id: str) -> BankDispute:
    """Bring our dispute and the books in line with the provider's. Raises NotYetKnown for another's payment."""
    details = payment_services.gateway().fetch_dispute(dispute_id=dispute_id)
    payment = MilestonePayment.objects.filter(provider_payment_id=details.payment_id).first()
    if payment is None or not details.payment_id:
        raise NotYetKnown(dispute_id)
    return _apply(payment.pk, details)


def note_warning(*, warning_id: str, is_new: bool) -> None:
    """Record a card network's new suspicion of fraud against a milestone's payment, for finance.

    Nothing is sent back by itself, as it is for books: somebody may have worked for the money. Raises NotYetKnown for
    another's payment.
    """
    warning = payment_services.gateway().fetch_fraud_warning(warning_id=warning_id)
    payment = MilestonePayment.objects.filter(provider_payment_id=warning.payment_id).first()
    if payment is None or not warning.payment_id:
        raise NotYetKnown(warning_id)
    if is_new:
        account_services.record_audit(actor=None, verb="milestone_payment.warned", subject=payment)
        logger.warning("milestone_payment.warned", payment=payment.public_id, kind=warning.kind)


@transaction.atomic
def _apply(payment_id: int, details: DisputeDetails) -> BankDispute:
    hooks.lock_above(MilestonePayment.objects.values_list("reference", flat=True).get(pk=payment_id))
    payment = MilestonePayment.objects.select_for_update(no_key=True).get(pk=payment_id)
    dispute = _row(payment, details)
    if details.withdrawn is not None and not dispute.is_withdrawn:
        _open(dispute, payment, details)
    dispute.status, dispute.evidence_due_at = details.status, details.evidence_due_at
    outcome = _OUTCOME_OF.get(details.status, "")
    if dispute.is_withdrawn and outcome and outcome != dispute.outcome:
        _decide(dispute, payment, details, outcome)
    dispute.save()
    return dispute


def _row(payment: MilestonePayment, details: DisputeDetails) -> BankDispute:
    at = happened_at(details.opened_at, earliest=_paid_at(payment), about=details.dispute_id)
    dispute, is_new = BankDispute.objects.get_or_create(
        provider_dispute_id=details.dispute_id,
        defaults={
            "payment": payment,
            "status": details.status,
            "reason": details.reason[:60],
            "amount_minor": details.amount.amount_minor,
            "currency": details.amount.currency,
            "opened_at": at,
        },
    )
    if is_new:
        account_services.record_audit(actor=None, verb="milestone_dispute.opened", subject=dispute)
        logger.warning("milestone_dispute.opened", dispute=details.dispute_id, reason=dispute.reason)
    return dispute


def _open(dispute: BankDispute, payment: MilestonePayment, details: DisputeDetails) -> None:
    """Book that the bank took the money, and stop what it paid for."""
    at = happened_at(details.withdrawn_at, earliest=_paid_at(payment), about=details.dispute_id)
    dispute.is_withdrawn = True
    if payment.state == PaymentState.UNNEEDED:
        ledger_disputes.open_dispute(
            facts=DisputeFacts(details.dispute_id, payment.public_id, details.amount, details.fee, at, is_needless=True)
        )
    else:
        milestones.dispute_opened(
            facts=MilestoneDisputeFacts(details.dispute_id, payment.reference, details.amount, details.fee, at)
        )
        hooks.announce_disputed(payment.reference, hooks.Dispute.OPENED, at)
    if details.withdrawn is not None:
        sales.record_conversion(
            reference=payment.books_reference,
            external_id=f"{details.dispute_id}:withdrawn",
            booked=-details.amount,
            settled=-details.withdrawn,
            at=at,
        )


def _decide(dispute: BankDispute, payment: MilestonePayment, details: DisputeDetails, outcome: str) -> None:
    """Book the bank's decision, a first or another one, and let refunds go on that waited for it."""
    told = details.reinstated_at or payment_selectors.event_time(_CLOSED, object_id=details.dispute_id)
    at = happened_at(told, earliest=max(dispute.opened_at, _paid_at(payment)), about=details.dispute_id)
    if payment.state == PaymentState.UNNEEDED:
        _decide_unneeded(dispute, payment, details, outcome, at)
    elif outcome == _LOST:
        milestones.dispute_lost(external_id=details.dispute_id, at=at)
        hooks.announce_disputed(payment.reference, hooks.Dispute.LOST, at)
    else:
        milestones.dispute_won(external_id=details.dispute_id, at=at)
        hooks.announce_disputed(payment.reference, hooks.Dispute.WON, at)
    if outcome == _WON and details.reinstated is not None:
        sales.record_conversion(
            reference=payment.books_reference,
            external_id=f"{details.dispute_id}:reinstated",
            booked=details.amount,
            settled=details.reinstated,
            at=at,
        )
    dispute.outcome, dispute.decided_at = outcome, clock.database_now()
    dispute.save()
    account_services.record_audit(actor=None, verb=f"milestone_dispute.{outcome}", subject=dispute)
    for refund in payment.refunds.filter(state=RefundState.PENDING):
        jobs.enqueue("funding.send_refund", refund_id=refund.pk)


def _decide_unneeded(
    dispute: BankDispute, payment: MilestonePayment, details: DisputeDetails, outcome: str, at: datetime
) -> None:
    if outcome == _LOST:
        owed = duplicate_payments.outstanding(order_reference=payment.public_id)
        ledger_disputes.lose_dispute(external_id=details.dispute_id, at=at, owed_minor=owed)
    elif dispute.outcome == _LOST:
        appeals.win_on_appeal(external_id=details.dispute_id, at=at)
    else:
        ledger_disputes.win_dispute(external_id=details.dispute_id, at=at)


def _paid_at(payment: MilestonePayment) -> datetime:
    return payment.paid_at or payment.created_at
