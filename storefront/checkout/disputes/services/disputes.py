"""Disputes: fetches the provider's current state, then applies it in one transaction.

Safe to repeat in any order; the ledger opens a dispute before it decides it, whichever notice came first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from common.errors import NotAllowed
from payments import selectors as payment_selectors
from payments import services as payment_services
from payments.event_time import happened_at
from payments.gateway import DisputeDetails, GatewayRefused
from payments.registry import NotYetKnown
from royalties.services import appeals, duplicate_payments, protection_fund, sales
from royalties.services import disputes as ledger_disputes
from royalties.services.disputes import DisputeFacts
from storefront.checkout import permissions
from storefront.checkout.disputes.services import evidence
from storefront.checkout.entitlements.selectors import access_log
from storefront.checkout.entitlements.services import deferred_lines, entitlements
from storefront.checkout.errors import DisputeClosed
from storefront.checkout.models import Dispute, DisputeStatus, Entitlement, Order, OrderLine, Payment, PaymentState
from storefront.checkout.refunds import services as refunds

logger = structlog.stdlib.get_logger(__name__)

# Evidence is sent automatically this long before the bank's deadline.
_LAST_MOMENT = timedelta(days=1)
_CLOSED = "charge.dispute.closed"


def sync_dispute(*, dispute_id: str) -> Dispute:
    """Bring our dispute and the books in line with the provider's.

    Raises NotYetKnown for a payment that is not ours, GatewayUnknown, GatewayRefused.
    """
    return apply_details(details=payment_services.gateway().fetch_dispute(dispute_id=dispute_id))


@transaction.atomic
def apply_details(*, details: DisputeDetails) -> Dispute:
    """Store a dispute as just fetched from the provider. Raises NotYetKnown."""
    payment = Payment.objects.filter(provider_payment_id=details.payment_id).select_related("order").first()
    if payment is None:
        raise NotYetKnown(details.dispute_id)
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    dispute = _row(payment, order, details)
    if details.withdrawn is not None and not dispute.is_withdrawn:
        _open(dispute, order, details)
    was_decided = dispute.decided_at is not None
    dispute.status = DisputeStatus(details.status)
    dispute.evidence_due_at = details.evidence_due_at
    if dispute.is_withdrawn and not was_decided and (dispute.is_won or dispute.status == DisputeStatus.LOST):
        _decide(dispute, details, order)
    elif was_decided and dispute.is_won and _was_lost(dispute):
        _win_on_appeal(dispute, details, order)
    dispute.save()
    return dispute


def submit_due_evidence(*, at: datetime) -> int:
    """Send the evidence of unanswered disputes whose deadline is near; return how many."""
    late = Dispute.objects.answerable().filter(evidence_due_at__lte=at + _LAST_MOMENT, evidence_due_at__gt=at)
    waiting = list(late.filter(is_delivery_proved=True, packs=None).order_by("pk"))
    for dispute in waiting:
        evidence.prepare_pack(dispute=dispute, explanation="", at=at, actor=None)
    return len(waiting)


def answer_dispute(*, actor: User, dispute: Dispute, explanation: str, at: datetime) -> None:
    """Send our evidence to the bank, with finance's explanation. Raises NotAllowed, DisputeClosed."""
    if not permissions.may_answer_disputes(actor):
        raise NotAllowed
    evidence.prepare_pack(dispute=dispute, explanation=explanation, at=at, actor=actor)


def accept_dispute(*, actor: User, dispute: Dispute) -> Dispute:
    """Accept the dispute: the provider closes it as lost. Raises NotAllowed, DisputeClosed, GatewayUnknown."""
    if not permissions.may_answer_disputes(actor):
        raise NotAllowed
    if not dispute.is_answerable:
        raise DisputeClosed
    account_services.record_audit(actor=actor, verb="dispute.accepted", subject=dispute)
    try:
        details = payment_services.gateway().accept_dispute(
            key=f"accept:{dispute.public_id}", dispute_id=dispute.provider_dispute_id
        )
    except GatewayRefused as refused:
        raise DisputeClosed from refused
    return apply_details(details=details)


def _row(payment: Payment, order: Order, details: DisputeDetails) -> Dispute:
    at = happened_at(details.opened_at, earliest=order.paid_at or order.created_at, about=details.dispute_id)
    dispute, is_new = Dispute.objects.get_or_create(
        provider_dispute_id=details.dispute_id,
        defaults={
            "payment": payment,
            "status": details.status,
            "reason": details.reason[:60],
            "amount_minor": details.amount.amount_minor,
            "currency": details.amount.currency,
            "is_delivery_proved": bool(access_log.accesses_of(payment.order, before=at)),
            "opened_at": at,
        },
    )
    if is_new:
        account_services.record_audit(actor=None, verb="dispute.opened", subject=dispute)
        logger.warning("dispute.opened", dispute=dispute.public_id, reason=dispute.reason)
    return dispute


def _open(dispute: Dispute, order: Order, details: DisputeDetails) -> None:
    """Book that the bank took the money."""
    at = _withdrawn_at(details, order)
    is_needless = _is_needless(dispute.payment)
    ledger_disputes.open_dispute(
        facts=DisputeFacts(details.dispute_id, order.public_id, details.amount, details.fee, at, is_needless)
    )
    if details.withdrawn is not None:
        sales.record_conversion(
            reference=order.public_id,
            external_id=f"{details.dispute_id}:withdrawn",
            booked=-details.amount,
            settled=-details.withdrawn,
            at=at,
        )
    dispute.is_withdrawn = True
    dispute.fee_minor, dispute.fee_currency = details.fee.amount_minor, details.fee.currency


def _decide(dispute: Dispute, details: DisputeDetails, order: Order) -> None:
    """Book the decision at the bank's time; its consequences on our side, and the end of the right to read, happen
    now."""
    at = dispute.decided_at = clock.database_now()
    # The dispute itself does not say when it was closed.
    told = details.reinstated_at or payment_selectors.event_time(_CLOSED, object_id=details.dispute_id)
    happened = happened_at(told, earliest=_withdrawn_at(details, order), about=details.dispute_id)
    if dispute.status == DisputeStatus.LOST:
        owed = refunds.owed_of_needless(dispute.payment) if _is_needless(dispute.payment) else None
        ledger_disputes.lose_dispute(external_id=details.dispute_id, at=happened, owed_minor=owed)
        if owed and not refunds.owed_of_needless(dispute.payment):
            Payment.objects.filter(pk=dispute.payment_id).update(state=PaymentState.REFUNDED)
        refunds.refund_owed(payment=dispute.payment, reason="dispute decided", at=at)
        gone = ledger_disputes.given_back(external_id=details.dispute_id)
        entitlements.end_entitlements(Entitlement.objects.filter(line__public_id__in=gone), at=at)
        deferred_lines.end_all(references=ledger_disputes.canceled_deferrals(external_id=details.dispute_id), at=at)
        jobs.enqueue("checkout.mail_dispute", dispute_id=dispute.pk)
        if dispute.is_delivery_proved:
            protection_fund.cover(external_id=details.dispute_id, at=at)
    else:
        ledger_disputes.win_dispute(external_id=details.dispute_id, at=happened)
        _book_reinstated(details, order.public_id, happened)
        refunds.refund_owed(payment=dispute.payment, reason="dispute decided", at=at)
    account_services.record_audit(actor=None, verb=f"dispute.{dispute.status}", subject=dispute)


def _withdrawn_at(details: DisputeDetails, order: Order) -> datetime:
    return happened_at(details.withdrawn_at, earliest=order.paid_at or order.created_at, about=details.dispute_id)


def _book_reinstated(details: DisputeDetails, order_reference: str, at: datetime) -> None:
    if details.reinstated is not None:
        sales.record_conversion(
            reference=order_reference,
            external_id=f"{details.dispute_id}:reinstated",
            booked=details.amount,
            settled=details.reinstated,
            at=at,
        )


def _win_on_appeal(dispute: Dispute, details: DisputeDetails, order: Order) -> None:
    """Book that the money is back, return what the loss took from contributors, and restore the reader's right to read.

    A gift or pre-order that ended stays ended. Its payment is owed back to the reader and is refunded.
    """
    at = clock.database_now()
    happened = happened_at(details.reinstated_at, earliest=_withdrawn_at(details, order), about=details.dispute_id)
    appeals.win_on_appeal(external_id=details.dispute_id, at=happened)
    _book_reinstated(details, order.public_id, happened)
    refunds.refund_owed(payment=dispute.payment, reason="dispute decided", at=at)
    for entitlement in Entitlement.objects.filter(
        line__public_id__in=ledger_disputes.given_back(external_id=details.dispute_id), ended_at=dispute.decided_at
    ):
        bought_again = Entitlement.objects.filter(user=entitlement.user_id, work=entitlement.work_id, ended_at=None)
        if not bought_again.exists():
            entitlements.renew_entitlement(entitlement)
    owed = ledger_disputes.canceled_deferrals(external_id=details.dispute_id)
    account_services.record_audit(
        actor=None, verb="dispute.won_on_appeal", subject=dispute, facts={"lines_owed_back": len(owed)}
    )
    logger.info("dispute.won_on_appeal", dispute=dispute.public_id, lines_owed_back=len(owed))
    for line in OrderLine.objects.filter(public_id__in=owed).select_related("order").order_by("pk"):
        deferred_lines.refund_unsupplied(line=line, reason="dispute won on appeal", at=at)


def _is_needless(payment: Payment) -> bool:
    return payment.state == PaymentState.UNMATCHED or duplicate_payments.received(payment=payment.public_id) > 0


def _was_lost(dispute: Dispute) -> bool:
    return ledger_disputes.is_lost(external_id=dispute.provider_dispute_id)
