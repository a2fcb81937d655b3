"""The outbox of refunds: our row and its key first, then the call, then the books.

While a bank decides about the payment nothing is sent: the client would be paid twice. What the bank then takes is not
owed any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from common.errors import NotAllowed
from common.money import Money
from hiring.funding import hooks
from hiring.funding.errors import NotPaid, RefundDecided
from hiring.funding.models import MilestonePayment, MilestoneRefund, PaymentState, RefundState
from payments import services as payment_services
from payments.event_time import happened_at
from payments.gateway import GatewayRefused, RefundResult
from payments.registry import NotYetKnown
from royalties import permissions
from royalties.selectors import milestones as positions
from royalties.services import duplicate_payments, milestones, returns, sales

logger = structlog.stdlib.get_logger(__name__)

# The provider keeps idempotency keys for a day; near the end of it they cannot be relied on.
_KEY_LASTS = timedelta(hours=23)
_A_DAY = timedelta(days=1)
_MAX_DAYS = 30


@transaction.atomic
def request_refund(*, reference: str, amount: Money, reason: str, at: datetime) -> MilestoneRefund:
    """Send money of a milestone back that the ledger owes to its client; call in the transaction that decided it.

    Raises NotPaid.
    """
    payment = MilestonePayment.objects.filter(reference=reference, state=PaymentState.SUCCEEDED).first()
    if payment is None:
        raise NotPaid(reference=reference)
    return _request(payment, amount, reason, at)


def return_unneeded(payment: MilestonePayment, amount: Money, *, at: datetime) -> MilestoneRefund:
    """Send all of a payment back that paid for nothing. Call in the transaction that booked it."""
    return _request(payment, amount, "unneeded", at)


def send_refund(*, refund_id: int) -> RefundState:
    """Request a pending refund from the provider and book the answer. Safe to run twice and at the same time.

    Raises GatewayUnknown if there was no answer: it stays pending and is sent again under its key.
    """
    refund = _ready(refund_id)
    if refund is None:
        return RefundState(MilestoneRefund.objects.values_list("state", flat=True).get(pk=refund_id))
    try:
        result = _ask(refund)
    except GatewayRefused as refused:
        return _fail(refund_id, refused.code)
    return _book(refund_id, result)


def note_late_failure(*, refund_id: int) -> None:
    """Record that the client's bank returned a refund: we have the money again, and still owe it."""
    refund = MilestoneRefund.objects.get(pk=refund_id)
    if refund.state == RefundState.SUCCEEDED:
        result = payment_services.gateway().fetch_refund(refund_id=refund.provider_refund_id)
        if result.status == "failed":
            _note_failure(refund_id, result)


def adopt_foreign_refund(*, payment: MilestonePayment, provider_refund_id: str) -> None:
    """Book a refund that somebody made in the provider's dashboard: what was not owed is our loss, on record.

    Raises NotYetKnown while a refund of ours waits for its answer, which this may be.
    """
    result = payment_services.gateway().fetch_refund(refund_id=provider_refund_id)
    if result.status == "succeeded":
        _adopt(payment.pk, result)


@transaction.atomic
def resend_by_bank(*, actor: User, refund: MilestoneRefund, bank_reference: str, at: datetime) -> MilestoneRefund:
    """Record that finance sent a returned refund by bank transfer. Raises NotAllowed, RefundDecided."""
    if not permissions.may_hold_payouts(actor) or not bank_reference.strip():
        raise NotAllowed
    refund = _lock(refund.pk)
    if refund.state != RefundState.RETURNED:
        raise RefundDecided
    refund.state, refund.resent_reference = RefundState.SUCCEEDED, bank_reference.strip()[:80]
    refund.save(update_fields=["state", "resent_reference"])
    payment = refund.payment
    if payment.state == PaymentState.UNNEEDED:
        returns.record_resent_refund(
            reference=payment.public_id,
            external_id=refund.public_id,
            amount_minor=refund.amount_minor,
            currency=payment.currency,
            at=at,
        )
    else:
        milestones.return_resent(
            reference=payment.reference, refund_reference=refund.public_id, amount=refund.amount, at=at
        )
    account_services.record_audit(actor=actor, verb="milestone_refund.resent", subject=refund)
    return refund


@transaction.atomic
def retry_failed(*, refund_id: int, at: datetime) -> bool:
    """Ask again, under a new key, for a refund that the provider refused a day ago. Return whether it was asked."""
    refund = _lock(refund_id)
    tries = refund.payment.refunds.filter(state=RefundState.FAILED, amount_minor=refund.amount_minor).count()
    late = refund.finished_at is None or refund.finished_at > at - _A_DAY
    if refund.state != RefundState.FAILED or late or tries > _MAX_DAYS or is_disputed(refund.payment):
        return False
    refund.state = RefundState.CANCELED
    refund.save(update_fields=["state"])
    _request(refund.payment, refund.amount, refund.reason, at)
    return True


def is_disputed(payment: MilestonePayment) -> bool:
    """Return whether a bank has taken the payment's money and not decided yet."""
    return payment.disputes.filter(is_withdrawn=True, decided_at=None).exists()


def _request(payment: MilestonePayment, amount: Money, reason: str, at: datetime) -> MilestoneRefund:
    refund = MilestoneRefund.objects.create(
        payment=payment, amount_minor=amount.amount_minor, reason=reason[:200], requested_at=at
    )
    jobs.enqueue("funding.send_refund", refund_id=refund.pk)
    return refund


@transaction.atomic
def _ready(refund_id: int) -> MilestoneRefund | None:
    """Return the refund if it is to be sent now; first lower it to what is still owed, unless it was sent before."""
    refund = _lock(refund_id)
    payment = refund.payment
    if refund.state != RefundState.PENDING or is_disputed(payment):
        return None
    if refund.asked_at is None:
        owed = _owed(refund)
        refund.amount_minor = min(refund.amount_minor, owed)
        if not owed:
            refund.state, refund.finished_at = RefundState.CANCELED, clock.database_now()
        else:
            refund.asked_at = clock.database_now()
        refund.save(update_fields=["amount_minor", "state", "finished_at", "asked_at"])
    return refund if refund.state == RefundState.PENDING else None


def _owed(refund: MilestoneRefund) -> int:
    """Return what the books owe to the client besides older refunds that are on their way."""
    payment = refund.payment
    if payment.state == PaymentState.UNNEEDED:
        owed = duplicate_payments.outstanding(order_reference=payment.public_id)
    else:
        position = positions.position(payment.reference)
        owed = position.unsent.amount_minor if position is not None else 0
    older = payment.refunds.filter(state=RefundState.PENDING, pk__lt=refund.pk).values_list("amount_minor", flat=True)
    returned = payment.refunds.filter(state=RefundState.RETURNED).values_list("amount_minor", flat=True)
    return max(owed - sum(older) - sum(returned), 0)


def _ask(refund: MilestoneRefund) -> RefundResult:
    """Send the refund, or look it up if the provider may have forgotten its key or has answered before."""
    gateway = payment_services.gateway()
    key, payment_id = f"refund:{refund.public_id}", refund.payment.provider_payment_id
    asked_at = refund.asked_at or refund.requested_at
    if refund.provider_refund_id or clock.database_now() - asked_at > _KEY_LASTS:
        found = gateway.find_refund(key=key, payment_id=payment_id)
        if found is not None:
            return found
    return gateway.refund(key=key, payment_id=payment_id, amount=refund.amount)


@transaction.atomic
def _book(refund_id: int, result: RefundResult) -> RefundState:
    refund = _lock(refund_id)
    if refund.state != RefundState.PENDING:
        return RefundState(refund.state)
    refund.provider_refund_id = result.refund_id
    refund.save(update_fields=["provider_refund_id"])
    if result.status == "failed":
        return _fail(refund_id, "failed_at_provider")
    if result.status == "succeeded":
        _finish(refund, result)
    return RefundState(refund.state)


def _finish(refund: MilestoneRefund, result: RefundResult) -> None:
    """Book that the money has left our balance."""
    payment = refund.payment
    at = happened_at(result.made_at, earliest=refund.requested_at, about=result.refund_id)
    if payment.state == PaymentState.UNNEEDED:
        duplicate_payments.record_return(
            external_id=result.refund_id, order_reference=payment.public_id, amount=refund.amount, at=at
        )
    else:
        milestones.confirm_return(
            reference=payment.reference, refund_reference=result.refund_id, amount=refund.amount, at=at
        )
        hooks.announce_refunded(payment.reference, refund.amount, at)
    _convert(payment, result.refund_id, -result.amount, -result.settled if result.settled else None, at)
    refund.state, refund.finished_at = RefundState.SUCCEEDED, at
    refund.save(update_fields=["state", "finished_at"])


def _convert(payment: MilestonePayment, event: str, booked: Money, settled: Money | None, at: datetime) -> None:
    if settled is not None:
        sales.record_conversion(
            reference=payment.books_reference, external_id=event, booked=booked, settled=settled, at=at
        )


@transaction.atomic
def _fail(refund_id: int, code: str) -> RefundState:
    """Record that the provider refuses: the money stays owed, and is asked for again the next day."""
    refund = _lock(refund_id)
    if refund.state == RefundState.PENDING:
        refund.state, refund.finished_at = RefundState.FAILED, clock.database_now()
        refund.save(update_fields=["state", "finished_at"])
        facts: dict[str, str | int] = {"code": code}
        account_services.record_audit(actor=None, verb="milestone_refund.failed", subject=refund, facts=facts)
        logger.error("milestone_refund.failed", refund=refund.public_id, code=code)
    return RefundState(refund.state)


@transaction.atomic
def _note_failure(refund_id: int, result: RefundResult) -> None:
    refund = _lock(refund_id)
    if refund.state != RefundState.SUCCEEDED:
        return
    payment = refund.payment
    at = happened_at(result.failed_at, earliest=refund.finished_at or clock.database_now(), about=result.refund_id)
    refund.state = RefundState.RETURNED
    refund.save(update_fields=["state"])
    if payment.state == PaymentState.UNNEEDED:
        returns.record_failed_refund(
            reference=payment.public_id,
            external_id=result.refund_id,
            amount_minor=refund.amount_minor,
            currency=payment.currency,
            at=at,
        )
    else:
        milestones.return_failed(
            reference=payment.reference, refund_reference=result.refund_id, amount=refund.amount, at=at
        )
    _convert(payment, f"{result.refund_id}:failed", result.amount, result.failure_settled, at)
    account_services.record_audit(actor=None, verb="milestone_refund.returned", subject=refund)
    logger.error("milestone_refund.returned", refund=refund.public_id)


@transaction.atomic
def _adopt(payment_id: int, result: RefundResult) -> None:
    payment = MilestonePayment.objects.select_for_update(no_key=True).get(pk=payment_id)
    if payment.refunds.filter(provider_refund_id=result.refund_id).exists():
        return
    if payment.refunds.filter(state=RefundState.PENDING, asked_at__isnull=False, provider_refund_id="").exists():
        raise NotYetKnown(result.refund_id)
    refund = MilestoneRefund.objects.create(
        payment=payment,
        amount_minor=result.amount.amount_minor,
        reason="dashboard",
        is_ours=False,
        provider_refund_id=result.refund_id,
        requested_at=payment.paid_at or payment.created_at,
    )
    logger.error("milestone_refund.foreign", refund=refund.public_id)
    account_services.record_audit(actor=None, verb="milestone_refund.foreign", subject=refund)
    _finish(refund, result)


def _lock(refund_id: int) -> MilestoneRefund:
    """Lock the payment first, then the refund: the order in which arrivals and disputes lock.

    Not the payment's key: a step of the contract, which has the ledger's row that is locked after this, refers to it.
    """
    payment_id = MilestoneRefund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    payment = MilestonePayment.objects.select_for_update(no_key=True).get(pk=payment_id)
    refund = MilestoneRefund.objects.select_for_update().get(pk=refund_id)
    refund.payment = payment
    return refund
