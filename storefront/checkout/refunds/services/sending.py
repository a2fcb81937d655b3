"""The outbox of refunds: our row and its key first, then the call, then the books.

Entitlement and ledger change when the provider has accepted; until then the same request is sent again under the same
key, for as long as the provider keeps it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts import services as account_services
from common import clock, jobs
from common.money import Money
from payments import services as payment_services
from payments.gateway import GatewayRefused, RefundResult
from payments.registry import NotYetKnown
from storefront.checkout.models import Order, Payment, PaymentState, Refund, RefundOrigin, RefundState
from storefront.checkout.refunds.services.booking import finish, left_in_books, lock
from storefront.checkout.refunds.services.dashboard_refunds import book_foreign_refund
from storefront.checkout.refunds.services.requests import left_of, refund_owed

logger = structlog.stdlib.get_logger(__name__)

# The provider keeps idempotency keys for a day; near the end of it they cannot be relied on.
_KEY_LASTS = timedelta(hours=23)
_A_DAY = timedelta(days=1)
_MAX_DAYS = 30
_BATCH = 100


def send_refund(*, refund_id: int) -> RefundState:
    """Request a pending refund from the provider and book the answer. Safe to run twice and at the same time.

    Raises GatewayUnknown if there was no answer: the refund stays pending and is sent again under its key.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != RefundState.PENDING:
        return RefundState(refund.state)
    try:
        result = _ask(refund)
    except GatewayRefused as refused:
        there = payment_services.gateway().refunds_of(payment_id=refund.payment.provider_payment_id)
        return _fail(refund_id, refused.code, there)
    return _book_result(refund_id=refund_id, result=result)


def _ask(refund: Refund) -> RefundResult:
    """Send the refund, or look it up if the provider may have forgotten its key or has answered before."""
    gateway = payment_services.gateway()
    key, payment_id = f"refund:{refund.public_id}", refund.payment.provider_payment_id
    asked_at = refund.decided_at or refund.requested_at
    if refund.provider_refund_id or clock.database_now() - asked_at > _KEY_LASTS:
        found = gateway.find_refund(key=key, payment_id=payment_id)
        if found is not None:
            return found
    return gateway.refund(key=key, payment_id=payment_id, amount=Money(refund.amount_minor, refund.currency))


def retry_unneeded_daily(*, at: datetime) -> int:
    """Try again to refund payments that bought nothing: our balance may have been too low the day before.

    Uses a new key, since the provider repeats its answer under the old one. Return how many; payments that were refused
    so often that only finance can help, and disputed ones, are skipped.
    """
    refused = Refund.objects.filter(
        line=None, state=RefundState.FAILED, finished_at__lte=at - _A_DAY, payment__state=PaymentState.SUCCEEDED
    )
    payments = refused.order_by("payment").values_list("payment", flat=True).distinct()
    return sum(_ask_once_more(payment_id, at) for payment_id in payments[:_BATCH])


@transaction.atomic
def _ask_once_more(payment_id: int, at: datetime) -> bool:
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    Order.objects.select_for_update().get(pk=payment.order_id)
    wishes = payment.refunds.filter(line=None).exclude(origin=RefundOrigin.PROVIDER).order_by("-pk")
    last = wishes.first()
    if last is None or last.finished_at is None or last.finished_at > at - _A_DAY:
        return False
    if wishes.count() >= _MAX_DAYS or _has_open_dispute(payment):
        return False
    return refund_owed(payment=payment, reason=last.reason, at=at) is not None


@transaction.atomic
def _book_result(*, refund_id: int, result: RefundResult) -> RefundState:
    """Store the provider's answer to a refund; do nothing for a refund that is already decided."""
    refund = lock(refund_id)
    if refund.state != RefundState.PENDING:
        return RefundState(refund.state)
    refund.provider_refund_id = result.refund_id
    if result.status == "failed":
        refund.save(update_fields=["provider_refund_id"])
        return _fail(refund_id, "failed_at_provider")
    if result.status == "succeeded":
        finish(refund, result)
    refund.save(update_fields=["provider_refund_id", "state", "finished_at"])
    return RefundState(refund.state)


@transaction.atomic
def _fail(refund_id: int, code: str, there: Sequence[RefundResult] = ()) -> RefundState:
    """Record that the provider refuses permanently: the line may be requested again, and finance is told.

    If someone was faster in the provider's dashboard (`there` are all refunds of the payment), their refund is booked,
    and what is left of the line is requested anew.
    """
    refund = lock(refund_id)
    if refund.state != RefundState.PENDING:
        return RefundState(refund.state)
    refund.state, refund.finished_at = RefundState.FAILED, clock.database_now()
    refund.save(update_fields=["state", "finished_at"])
    account_services.record_audit(actor=None, verb="refund.failed", subject=refund, facts={"code": code})
    logger.error("refund.failed", refund=refund.public_id, code=code)
    for result in there:
        with contextlib.suppress(NotYetKnown):  # then the provider sends its event again
            book_foreign_refund(refund.payment_id, result)
    _ask_for_rests(refund.payment)
    _tell_of_failure(refund)
    if refund.line is None and _was_decided_since(refund):
        refund_owed(payment=refund.payment, reason=refund.reason, at=clock.database_now())
    return RefundState.FAILED


def _tell_of_failure(refund: Refund) -> None:
    """Tell readers that their request failed, unless the money was refunded another way, of which they are told
    then."""
    line = refund.line
    if refund.origin != RefundOrigin.READER or line is None:
        return
    if line.refunds.filter(pk__gt=refund.pk).exists() or not left_in_books(line):
        Refund.objects.filter(pk=refund.pk).update(mailed_at=refund.finished_at)
    else:
        jobs.enqueue("checkout.mail_refund", refund_id=refund.pk)


def _was_decided_since(refund: Refund) -> bool:
    """Return whether the dispute for which the provider refused it is over: it repeats its first answer under our
    key."""
    since = refund.payment.disputes.filter(decided_at__gte=refund.requested_at)
    return since.exists() and not _has_open_dispute(refund.payment)


def _has_open_dispute(payment: Payment) -> bool:
    return payment.disputes.filter(decided_at=None, is_withdrawn=True).exists()


def _ask_for_rests(payment: Payment) -> None:
    """Request the rest of each line whose newest request was refused because part of it was refunded by someone
    else."""
    for line in payment.order.lines.order_by("pk"):
        wish = line.refunds.exclude(origin=RefundOrigin.PROVIDER).order_by("-pk").first()
        if wish is not None and wish.state == RefundState.FAILED:
            left = min(left_of(line), left_in_books(line))
            if 0 < left < wish.amount_minor:
                _ask_for_the_rest(wish, left)


def _ask_for_the_rest(refused: Refund, left: int) -> None:
    rest = Refund.objects.create(
        line=refused.line,
        payment=refused.payment,
        amount_minor=left,
        currency=refused.currency,
        origin=refused.origin,
        reason=refused.reason,
        was_used=refused.was_used,
        requested_by=refused.requested_by,
        decided_by=refused.decided_by,
        decided_at=clock.database_now() if refused.decided_at else None,
        requested_at=clock.database_now(),
    )
    account_services.record_audit(
        actor=None, verb="refund.rest_asked", subject=rest, facts={"refused": refused.public_id}
    )
    jobs.enqueue("checkout.send_refund", refund_id=rest.pk)
