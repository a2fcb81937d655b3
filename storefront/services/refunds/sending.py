"""The outbox of refunds: our row and its key first, then the call, then the books.

Entitlement and ledger change when the provider has said yes; until then the same request is sent again under the
same key, for as long as the provider keeps it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts import services as account_services
from common import clock, jobs
from common.money import Money
from payments import services as payment_services
from payments.gateway import GatewayRefused, RefundResult
from royalties.services import needless, returns, sales
from storefront.models import Entitlement, Order, Payment, PaymentState, Refund, RefundOrigin, RefundState
from storefront.services import deferrals, listings

logger = logging.getLogger(__name__)

# The provider keeps idempotency keys for a day; near its end they are not to be trusted.
_KEY_LASTS = timedelta(hours=23)


def send_refund(*, refund_id: int) -> RefundState:
    """Ask the provider for a pending refund and book the answer. Safe to run twice and at the same time.

    Raises GatewayUnknown when there was no answer: the refund stays pending and is sent again under its key.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != RefundState.PENDING:
        return RefundState(refund.state)
    try:
        result = _ask(refund)
    except GatewayRefused as refused:
        return _fail(refund_id, refused.code)
    return _book_result(refund_id=refund_id, result=result)


def finish(refund: Refund, result: RefundResult, at: datetime) -> None:
    """The money is on its way back: the sale is mirrored, and the right to read ends with the last of it.

    Call with order and refund locked; saves neither.
    """
    refund.state, refund.finished_at = RefundState.SUCCEEDED, at
    order_reference = refund.payment.order.public_id
    if refund.line is None:
        if not left_of_needless(refund.payment, without=refund) - refund.amount_minor:
            Payment.objects.filter(pk=refund.payment_id).update(state=PaymentState.REFUNDED)
        needless.record_return(
            external_id=result.refund_id,
            order_reference=order_reference,
            amount=Money(refund.amount_minor, refund.currency),
            at=at,
        )
        book_conversion(order_reference, result, at)
    elif deferrals.cancel_for_refund(line=refund.line, external_id=external_id(refund, result), at=at):
        book_conversion(order_reference, result, at)
    else:
        amount = Money(refund.amount_minor, refund.currency)
        sold = returns.record_refund(
            reference=refund.line.public_id, external_id=external_id(refund, result), at=at, amount=amount
        )
        if sold.is_last:
            Entitlement.objects.filter(line=refund.line, ended_at=None).update(ended_at=at)
            listings.count_sale(refund.line.edition, by=-1)
        book_conversion(order_reference, result, at)
    jobs.enqueue("storefront.mail_refund", refund_id=refund.pk)


def left_of_needless(payment: Payment, *, without: Refund | None = None) -> int:
    """What of a payment for nothing has not gone back yet. Call with the order locked."""
    refunds = Refund.objects.filter(payment=payment, line=None).order_by("pk")
    whole = refunds.exclude(origin=RefundOrigin.PROVIDER).values_list("amount_minor", flat=True).first() or 0
    gone = refunds.filter(state=RefundState.SUCCEEDED)
    if without is not None:
        gone = gone.exclude(pk=without.pk)
    return whole - sum(gone.values_list("amount_minor", flat=True))


def external_id(refund: Refund, result: RefundResult) -> str:
    """The event's name in the books: one refund of the provider may be for several lines."""
    is_shared = refund.amount_minor != result.amount.amount_minor and refund.line is not None
    return f"{result.refund_id}:{refund.line.public_id}" if is_shared and refund.line else result.refund_id


def book_conversion(order_reference: str, result: RefundResult, at: datetime) -> None:
    """What left our balance, when that is kept in another currency."""
    if result.settled is not None:
        sales.record_conversion(
            reference=order_reference,
            external_id=result.refund_id,
            booked=-result.amount,
            settled=-result.settled,
            at=at,
        )


def lock(refund_id: int) -> Refund:
    """Order first, then the refund: the same order in which requests lock."""
    order_id = Refund.objects.values_list("payment__order_id", flat=True).get(pk=refund_id)
    Order.objects.select_for_update().get(pk=order_id)
    rows = Refund.objects.select_for_update(of=("self",)).select_related("line__edition", "payment__order")
    return rows.get(pk=refund_id)


def _ask(refund: Refund) -> RefundResult:
    """Send the refund, or look it up when the provider may have forgotten its key or has answered before."""
    gateway = payment_services.gateway()
    key, payment_id = f"refund:{refund.public_id}", refund.payment.provider_payment_id
    asked_at = refund.decided_at or refund.requested_at
    if refund.provider_refund_id or clock.now() - asked_at > _KEY_LASTS:
        found = gateway.find_refund(key=key, payment_id=payment_id)
        if found is not None:
            return found
    return gateway.refund(key=key, payment_id=payment_id, amount=Money(refund.amount_minor, refund.currency))


@transaction.atomic
def _book_result(*, refund_id: int, result: RefundResult) -> RefundState:
    """Write down what the provider said of a refund; nothing happens for a refund that is decided already."""
    refund = lock(refund_id)
    if refund.state != RefundState.PENDING:
        return RefundState(refund.state)
    refund.provider_refund_id = result.refund_id
    if result.status == "failed":
        refund.save(update_fields=["provider_refund_id"])
        return _fail(refund_id, "failed_at_provider")
    if result.status == "succeeded":
        finish(refund, result, clock.now())
    refund.save(update_fields=["provider_refund_id", "state", "finished_at"])
    return RefundState(refund.state)


@transaction.atomic
def _fail(refund_id: int, code: str) -> RefundState:
    """The provider refuses for good: the line may be asked for again, and a person is told."""
    refund = lock(refund_id)
    if refund.state == RefundState.PENDING:
        refund.state, refund.finished_at = RefundState.FAILED, clock.now()
        refund.save(update_fields=["state", "finished_at"])
        account_services.record_audit(actor=None, verb="refund.failed", subject=refund, facts={"code": code})
        logger.error("refund.failed refund=%s code=%s", refund.public_id, code)
    return RefundState(refund.state)
