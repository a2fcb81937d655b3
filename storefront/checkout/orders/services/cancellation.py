"""Canceling unpaid orders, which releases what they reserved for their reader."""

from __future__ import annotations

from collections.abc import Iterable

from storefront.checkout.coupons import services as coupons
from storefront.checkout.models import Order, OrderState


def cancel_orders(ids: Iterable[int]) -> None:
    """Cancel the open ones among the orders (primary keys). Their rows are locked by the caller."""
    open_ids = list(Order.objects.filter(pk__in=list(ids), state=OrderState.OPEN).values_list("pk", flat=True))
    Order.objects.filter(pk__in=open_ids).update(state=OrderState.CANCELED)
    coupons.release(orders=open_ids)


def cancel_order(order: Order) -> None:
    """Cancel one locked order, if it is open."""
    if order.state == OrderState.OPEN:
        cancel_orders([order.pk])
        order.state = OrderState.CANCELED
