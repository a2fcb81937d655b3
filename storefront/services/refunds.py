"""Giving money back: our row and its key first, then the call, then the books.

A request is accepted inside the refund window and at most once per line (the database has the last word). Entitlement
and ledger change when the provider has said yes; until then the same request is sent again under the same key.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts import services as account_services
from accounts.models import AuditEntry, User
from common import clock, jobs
from common.money import Money
from payments import services as payment_services
from payments.gateway import GatewayRefused, RefundResult
from royalties.services import needless, returns
from storefront import permissions
from storefront.errors import RefundNotPossible
from storefront.models import Entitlement, Order, OrderLine, Payment, PaymentState, Refund, RefundState
from storefront.services import listings

logger = logging.getLogger(__name__)

# The provider keeps idempotency keys for a day; near its end they are not to be trusted.
_KEY_LASTS = timedelta(hours=23)


@transaction.atomic
def request_refund(*, actor: User, line: OrderLine, reason: str, at: datetime) -> Refund:
    """Accept the buyer's wish to give one line back. Asking twice is one refund. Raises RefundNotPossible."""
    # Races with a second click and with another line of the same order.
    order = Order.objects.select_for_update().get(pk=line.order_id)
    line = OrderLine.objects.select_related("order").prefetch_related("refunds").get(pk=line.pk)
    waiting = next((refund for refund in line.refunds.all() if refund.state != RefundState.FAILED), None)
    if waiting is not None and permissions.may_see_order(actor, order):
        return waiting
    payment = _payment_that_bought(order)
    if payment is None or not permissions.may_refund_line(actor, line, at):
        raise RefundNotPossible
    refund = Refund.objects.create(
        line=line,
        payment=payment,
        amount_minor=line.paid_minor,
        currency=order.currency,
        reason=reason,
        requested_by=actor,
        requested_at=at,
    )
    account_services.record_audit(actor=actor, verb="refund.requested", subject=refund)
    jobs.enqueue("storefront.send_refund", refund_id=refund.pk)
    return refund


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


@transaction.atomic
def note_foreign_refund(*, payment: Payment, provider_refund_id: str) -> None:
    """Somebody gave money back in the provider's own pages: a person must say which lines it was for."""
    Payment.objects.select_for_update().get(pk=payment.pk)
    facts: dict[str, str | int] = {"refund": provider_refund_id}
    verb = "refund.made_elsewhere"
    if not AuditEntry.objects.filter(verb=verb, subject_id=payment.public_id, facts=facts).exists():
        account_services.record_audit(actor=None, verb=verb, subject=payment, facts=facts)
        logger.error("refund.made_elsewhere payment=%s refund=%s", payment.public_id, provider_refund_id)


@transaction.atomic
def note_late_failure(*, refund_id: int) -> None:
    """The provider takes back its yes: the money did not reach the reader, and a person must find another way."""
    refund = _lock(refund_id)
    if refund.state != RefundState.SUCCEEDED:
        return
    if not AuditEntry.objects.filter(verb="refund.failed_late", subject_id=refund.public_id).exists():
        account_services.record_audit(actor=None, verb="refund.failed_late", subject=refund)
        logger.error("refund.failed_late refund=%s", refund.public_id)


def _payment_that_bought(order: Order) -> Payment | None:
    """The payment to give back from; one that was not needed goes back by itself, as a whole."""
    needless = Refund.objects.filter(payment__order=order, line=None).values("payment")
    return order.payments.filter(state=PaymentState.SUCCEEDED).exclude(pk__in=needless).order_by("pk").first()


def _ask(refund: Refund) -> RefundResult:
    """Send the refund, or look it up when the provider may have forgotten its key or has answered before."""
    gateway = payment_services.gateway()
    key, payment_id = f"refund:{refund.public_id}", refund.payment.provider_payment_id
    if refund.provider_refund_id or clock.now() - refund.requested_at > _KEY_LASTS:
        found = gateway.find_refund(key=key, payment_id=payment_id)
        if found is not None:
            return found
    return gateway.refund(key=key, payment_id=payment_id, amount=Money(refund.amount_minor, refund.currency))


@transaction.atomic
def _book_result(*, refund_id: int, result: RefundResult) -> RefundState:
    """Write down what the provider said of a refund; nothing happens for a refund that is decided already."""
    refund = _lock(refund_id)
    if refund.state != RefundState.PENDING:
        return RefundState(refund.state)
    refund.provider_refund_id = result.refund_id
    if result.status == "failed":
        refund.save(update_fields=["provider_refund_id"])
        return _fail(refund_id, "failed_at_provider")
    if result.status == "succeeded":
        _finish(refund)
    refund.save(update_fields=["provider_refund_id", "state", "finished_at"])
    return RefundState(refund.state)


def _finish(refund: Refund) -> None:
    """The money is on its way back: the right to read ends and the sale is mirrored in the books."""
    at = clock.now()
    refund.state, refund.finished_at = RefundState.SUCCEEDED, at
    if refund.line is None:
        Payment.objects.filter(pk=refund.payment_id).update(state=PaymentState.REFUNDED)
        needless.record_return(
            external_id=refund.provider_refund_id,
            order_reference=refund.payment.order.public_id,
            amount=Money(refund.amount_minor, refund.currency),
            at=at,
        )
    else:
        Entitlement.objects.filter(line=refund.line, ended_at=None).update(ended_at=at)
        listings.count_sale(refund.line.edition, by=-1)
        returns.record_refund(reference=refund.line.public_id, external_id=refund.provider_refund_id, at=at)
    jobs.enqueue("storefront.mail_refund", refund_id=refund.pk)


@transaction.atomic
def _fail(refund_id: int, code: str) -> RefundState:
    """The provider refuses for good: the line may be asked for again, and a person is told."""
    refund = _lock(refund_id)
    if refund.state == RefundState.PENDING:
        refund.state, refund.finished_at = RefundState.FAILED, clock.now()
        refund.save(update_fields=["state", "finished_at"])
        account_services.record_audit(actor=None, verb="refund.failed", subject=refund, facts={"code": code})
        logger.error("refund.failed refund=%s code=%s", refund.public_id, code)
    return RefundState(refund.state)


def _lock(refund_id: int) -> Refund:
    """Order first, then the refund: the same order in which requests lock."""
    order_id = Refund.objects.values_list("payment__order_id", flat=True).get(pk=refund_id)
    Order.objects.select_for_update().get(pk=order_id)
    return (
        Refund.objects.select_for_update(of=("self",))
        .select_related("line__edition", "payment__order")
        .get(pk=refund_id)
    )
