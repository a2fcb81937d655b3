"""Returning copies that nobody has opened: each for its share of what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from accounts.models import User
from storefront.checkout.copies import selectors
from storefront.checkout.errors import RefundNotPossible
from storefront.checkout.models import Order, Refund
from storefront.checkout.orders.services.buyer_traces import Origin
from storefront.checkout.refunds import services as refunds


@transaction.atomic
def return_copies(
    *, actor: User, order: Order, line_ids: Sequence[str], at: datetime, origin: Origin | None = None
) -> list[Refund]:
    """Request the refund of these unopened copies of the actor's order; return the refunds. One that somebody opens at
    this moment stays theirs and is left out, as is one whose time is over.

    Raises RefundHeld while the buyer's bank has the money.
    """
    # Whoever opens a copy waits for this lock, and finds its refund then; whoever was faster has it.
    Order.objects.select_for_update().get(pk=order.pk)
    found: list[Refund] = []
    for line in selectors.returnable_lines(order, line_ids):
        with suppress(RefundNotPossible):
            refund = refunds.request_refund(actor=actor, line=line, reason="", at=at, origin=origin)
            found += [refund] if refund is not None else []
    return found
