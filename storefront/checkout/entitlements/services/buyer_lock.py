"""The lock under which a buyer's orders are placed, paid and supplied, so that each work is granted once."""

from __future__ import annotations

from accounts.models import Guest, User


def lock_buyer(*, buyer_id: int) -> None:
    """Lock the buyer (a primary key) of an order, before the order itself.

    A guest may have been claimed since the order was read: then the person who claimed it is locked too. Claims take
    both locks in this order.
    """
    buyer = User.objects.select_for_update(no_key=True).get(pk=buyer_id)
    if buyer.is_guest:
        claimed_by = Guest.objects.filter(user=buyer).values_list("claimed_by", flat=True).get()
        if claimed_by is not None:
            User.objects.select_for_update(no_key=True).get(pk=claimed_by)
