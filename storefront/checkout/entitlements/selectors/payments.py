"""The payment behind an order."""

from __future__ import annotations

from django.db.models import Case, When

from storefront.checkout.models import (
    Order,
    Payment,
    PaymentState,
    Refund,
)


def payment_that_bought(order: Order) -> Payment | None:
    """Return the payment to refund from; an unneeded payment is refunded separately, as a whole."""
    needless = Refund.objects.filter(payment__order=order, line=None).values("payment")
    return order.payments.filter(state=PaymentState.SUCCEEDED).exclude(pk__in=needless).order_by("pk").first()


def payment_to_pay(order: Order) -> Payment | None:
    """Return the pending payment; of several the one with a payment page, of these the newest."""
    waiting = order.payments.filter(state=PaymentState.PENDING)
    return waiting.order_by(Case(When(page_url="", then=1), default=0), "-pk").first()
