"""What the provider tells of refunds: made in its own pages, or failed after they had succeeded."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from common.errors import NotAllowed
from common.money import allocate
from payments import services as payment_services
from payments.gateway import RefundResult
from royalties.services import returns, sales
from storefront import permissions
from storefront.errors import RefundDecided
from storefront.models import Order, OrderState, Payment, Refund, RefundOrigin, RefundState
from storefront.selectors import orders as order_selectors
from storefront.services.refunds.requests import left_of
from storefront.services.refunds.sending import finish, left_of_needless, lock

logger = logging.getLogger(__name__)


def adopt_foreign_refund(*, payment: Payment, provider_refund_id: str) -> list[Refund]:
    """Somebody gave money back in the provider's own pages: book it over what is left of the order's lines.

    Known or undecided ones are left alone. What the lines do not account for waits for a person, on record. Raises
    GatewayUnknown, GatewayRefused.
    """
    result = payment_services.gateway().fetch_refund(refund_id=provider_refund_id)
    if result.status != "succeeded":
        return []
    return _adopt(payment.pk, result)


def note_late_failure(*, refund_id: int) -> Refund:
    """The reader's bank sent a refund back: the money is here again, and still the reader's. A person is told.

    Raises GatewayUnknown, GatewayRefused.
    """
    refund = Refund.objects.get(pk=refund_id)
    if refund.state != RefundState.SUCCEEDED:
        return refund
    result = payment_services.gateway().fetch_refund(refund_id=refund.provider_refund_id)
    return refund if result.status != "failed" else _note_failure(refund_id, result)


@transaction.atomic
def resend_by_bank(*, actor: User, refund: Refund, bank_reference: str, at: datetime) -> Refund:
    """Finance sent the money of a returned refund by bank transfer. Raises NotAllowed, RefundDecided."""
    if not permissions.may_give_back_for_others(actor) or not bank_reference.strip():
        raise NotAllowed
    refund = lock(refund.pk)
    if refund.state != RefundState.RETURNED:
        raise RefundDecided
    refund.state, refund.resent_reference = RefundState.SUCCEEDED, bank_reference.strip()[:80]
    refund.save(update_fields=["state", "resent_reference"])
    returns.record_resent_refund(
        reference=refund.payment.order.public_id,
        external_id=refund.public_id,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        at=at,
    )
    account_services.record_audit(actor=actor, verb="refund.resent", subject=refund)
    return refund


@transaction.atomic
def _adopt(payment_id: int, result: RefundResult) -> list[Refund]:
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    if Refund.objects.filter(payment=payment, provider_refund_id=result.refund_id).exists():
        return []
    at = clock.now()
    if Refund.objects.filter(payment=payment, line=None).exists():
        return _adopt_of_needless(payment, result, at)
    lines = list(order.lines.select_related("edition", "order").order_by("pk"))
    is_bought = order.state == OrderState.PAID and order_selectors.payment_that_bought(order) == payment
    left = [left_of(line) if is_bought else 0 for line in lines]
    booked = min(result.amount.amount_minor, sum(left))
    parts = allocate(booked, left) if booked else [0] * len(lines)
    refunds = []
    for line, part in zip(lines, parts, strict=True):
        if part:
            refund = Refund(
                line=line,
                payment=payment,
                amount_minor=part,
                currency=order.currency,
                reason="",
                origin=RefundOrigin.PROVIDER,
                provider_refund_id=result.refund_id,
                requested_at=at,
            )
            refund.save()
            finish(refund, result, at)
            refund.save()
            refunds.append(refund)
    _note_elsewhere(payment, result, booked)
    return refunds


def _adopt_of_needless(payment: Payment, result: RefundResult, at: datetime) -> list[Refund]:
    """Part of a payment for nothing went back already, so the provider refuses the whole: ask for the rest instead.

    Under a row of its own, and so a key of its own: another amount under the old key would be refused as well.
    """
    part = min(result.amount.amount_minor, left_of_needless(payment))
    _note_elsewhere(payment, result, part)
    if not part:
        return []
    refund = Refund.objects.create(
        line=None,
        payment=payment,
        amount_minor=part,
        currency=result.amount.currency,
        origin=RefundOrigin.PROVIDER,
        provider_refund_id=result.refund_id,
        requested_at=at,
    )
    finish(refund, result, at)
    refund.save()
    ours = Refund.objects.select_for_update().filter(payment=payment, line=None).exclude(origin=RefundOrigin.PROVIDER)
    last = ours.order_by("-pk")[0]
    if last.state == RefundState.PENDING:
        last.state, last.finished_at = RefundState.FAILED, at
        last.save(update_fields=["state", "finished_at"])
    rest = left_of_needless(payment)
    if rest and last.state == RefundState.FAILED:
        again = Refund.objects.create(
            line=None,
            payment=payment,
            amount_minor=rest,
            currency=last.currency,
            origin=last.origin,
            reason=last.reason,
            requested_at=at,
        )
        account_services.record_audit(actor=None, verb="refund.requested", subject=again, facts={"rest_minor": rest})
        jobs.enqueue("storefront.send_refund", refund_id=again.pk)
    return [refund]


def _note_elsewhere(payment: Payment, result: RefundResult, booked: int) -> None:
    facts: dict[str, str | int] = {
        "refund": result.refund_id,
        "amount": str(result.amount),
        "unassigned_minor": result.amount.amount_minor - booked,
    }
    account_services.record_audit(actor=None, verb="refund.made_elsewhere", subject=payment, facts=facts)
    logger.warning("refund.made_elsewhere payment=%s refund=%s", payment.public_id, result.refund_id)


@transaction.atomic
def _note_failure(refund_id: int, result: RefundResult) -> Refund:
    refund = lock(refund_id)
    if refund.state != RefundState.SUCCEEDED:
        return refund
    at, order_reference = clock.now(), refund.payment.order.public_id
    refund.state = RefundState.RETURNED
    refund.save(update_fields=["state"])
    returns.record_failed_refund(
        reference=order_reference,
        external_id=f"{result.refund_id}:{refund.public_id}",
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        at=at,
    )
    if result.failure_settled is not None:
        sales.record_conversion(
            reference=order_reference,
            external_id=f"{result.refund_id}:failed",
            booked=result.amount,
            settled=result.failure_settled,
            at=at,
        )
    account_services.record_audit(actor=None, verb="refund.failed_late", subject=refund)
    logger.error("refund.failed_late refund=%s", refund.public_id)
    return refund
