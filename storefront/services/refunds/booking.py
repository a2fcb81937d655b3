"""Books what the provider has given back: sale, right to read and ledger change together."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from common import jobs
from common.money import Money
from payments.gateway import RefundResult
from royalties.services import needless, returns, sales
from storefront.models import Entitlement, Order, Payment, PaymentState, Refund, RefundState
from storefront.services import deferrals, listings


def finish(refund: Refund, result: RefundResult, at: datetime) -> None:
    """The money is on its way back: the sale is mirrored, and the right to read ends with the last of it.

    Call with order and refund locked; saves neither.
    """
    refund.state, refund.finished_at = RefundState.SUCCEEDED, at
    order_reference = refund.payment.order.public_id
    if refund.line is None:
        if owed_of_needless(refund.payment) <= refund.amount_minor:
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


def owed_of_needless(payment: Payment) -> int:
    """What of a payment that bought nothing we still owe its reader; 0 for one that bought. Order locked."""
    given = payment.refunds.filter(line=None, state__in=[RefundState.SUCCEEDED, RefundState.RETURNED])
    total: int = given.aggregate(total=Sum("amount_minor", default=0))["total"]
    rest = needless.received(payment=payment.public_id) - total
    # A lost dispute may have taken it as well; the books know.
    return max(min(rest, needless.owed(order_reference=payment.order.public_id)), 0)


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
