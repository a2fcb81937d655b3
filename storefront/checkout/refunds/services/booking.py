"""Books the provider's refunds: sale, right to read and ledger change together."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from common import clock, jobs
from common.money import Money
from payments.event_time import happened_at
from payments.gateway import RefundResult
from royalties.services import duplicate_payments, returns, sales
from storefront.checkout.entitlements.services import deferred_lines, entitlements
from storefront.checkout.models import (
    Entitlement,
    Order,
    OrderLine,
    Payment,
    PaymentState,
    Refund,
    RefundOrigin,
    RefundState,
)


def finish(refund: Refund, result: RefundResult) -> None:
    """Book that the money is on its way: reverse the sale, and end the right to read when nothing of the price is left.

    Call with order and refund locked; saves neither.
    """
    at = made_at(refund, result)
    refund.state, refund.finished_at = RefundState.SUCCEEDED, at
    order_reference = refund.payment.order.public_id
    event = external_id(refund, result)
    booked = _book_line(refund, refund.line, event, at) if refund.line else _book_needless(refund, event, at)
    if rest := refund.amount_minor - booked:
        amount = Money(rest, refund.currency)
        returns.record_loss(reference=order_reference, external_id=event, amount=amount, at=at)
    book_conversion(order_reference, result, at)
    jobs.enqueue("checkout.mail_refund", refund_id=refund.pk)


def made_at(refund: Refund, result: RefundResult) -> datetime:
    """Return when the provider sent the money: not before our request, or, if made in its dashboard, not before the
    order was paid."""
    order = refund.payment.order
    asked_at = refund.decided_at or refund.requested_at
    is_ours = refund.origin != RefundOrigin.PROVIDER
    earliest = asked_at if is_ours else order.paid_at or order.created_at
    return happened_at(result.made_at, earliest=earliest, about=result.refund_id)


def left_in_books(line: OrderLine) -> int:
    """Return what is left of a line's price after refunds and lost disputes."""
    left = returns.left_by_reference(line.public_id)
    if left is not None:
        return left
    if sales.is_deferred(line.public_id):
        return line.paid_minor
    # The gift or pre-order ended with a dispute; if that was won on appeal, its price is owed back.
    return (
        min(line.paid_minor, duplicate_payments.outstanding(order_reference=line.order.public_id))
        if line.deferral
        else 0
    )


def _book_line(refund: Refund, line: OrderLine, event: str, at: datetime) -> int:
    """Book what the books have left of the line; return how much of the refund that accounts for.

    A line waiting to be supplied is refunded as a whole or not at all: parts refunded before were losses until then.
    """
    reference, wanted = line.public_id, refund.amount_minor
    if (left := returns.left_by_reference(reference)) is not None:
        booked = min(wanted, left)
        if booked:
            sold = returns.record_refund(
                reference=reference, external_id=event, at=at, amount=Money(booked, refund.currency)
            )
            if sold.is_last:
                # Ends now and not at `at`: until we learned of it the book could be read, and reading was recorded.
                entitlements.end_entitlements(Entitlement.objects.filter(line=line), at=clock.database_now())
        return booked
    if sales.is_deferred(reference):
        before = line.refunds.filter(state=RefundState.SUCCEEDED).exclude(pk=refund.pk)
        given: int = before.aggregate(total=Sum("amount_minor", default=0))["total"]
        if given + wanted < line.paid_minor or not deferred_lines.cancel_for_refund(
            line=line, external_id=event, at=at
        ):
            return 0
        return line.paid_minor
    return _return_owed(refund, min(wanted, left_in_books(line)), event, at)


def _book_needless(refund: Refund, event: str, at: datetime) -> int:
    """Book what is still owed of a payment that bought nothing; return how much of the refund that accounts for."""
    owed = owed_of_needless(refund.payment)
    if owed <= refund.amount_minor:
        Payment.objects.filter(pk=refund.payment_id).update(state=PaymentState.REFUNDED)
    return _return_owed(refund, min(refund.amount_minor, owed), event, at)


def _return_owed(refund: Refund, booked: int, event: str, at: datetime) -> int:
    if booked:
        order_reference, amount = refund.payment.order.public_id, Money(booked, refund.currency)
        duplicate_payments.record_return(external_id=event, order_reference=order_reference, amount=amount, at=at)
    return booked


def owed_of_needless(payment: Payment) -> int:
    """Return what we still owe the reader of a payment that bought nothing; 0 for one that bought. Order locked."""
    given = payment.refunds.filter(line=None, state__in=[RefundState.SUCCEEDED, RefundState.RETURNED])
    total: int = given.aggregate(total=Sum("amount_minor", default=0))["total"]
    rest = duplicate_payments.received(payment=payment.public_id) - total
    # A lost dispute may also have taken it; the books say how much.
    return max(min(rest, duplicate_payments.outstanding(order_reference=payment.order.public_id)), 0)


def external_id(refund: Refund, result: RefundResult) -> str:
    """Return the event's name in the books: one refund of the provider may be for several lines."""
    is_shared = refund.amount_minor != result.amount.amount_minor and refund.line is not None
    return f"{result.refund_id}:{refund.line.public_id}" if is_shared and refund.line else result.refund_id


def book_conversion(order_reference: str, result: RefundResult, at: datetime) -> None:
    """Book what left our balance, if the balance is in another currency."""
    if result.settled is not None:
        sales.record_conversion(
            reference=order_reference,
            external_id=result.refund_id,
            booked=-result.amount,
            settled=-result.settled,
            at=at,
        )


def lock(refund_id: int) -> Refund:
    """Lock the order first, then the refund: the same order in which requests lock."""
    order_id = Refund.objects.values_list("payment__order_id", flat=True).get(pk=refund_id)
    Order.objects.select_for_update().get(pk=order_id)
    rows = Refund.objects.select_for_update(of=("self",)).select_related("line__edition", "payment__order")
    return rows.get(pk=refund_id)
