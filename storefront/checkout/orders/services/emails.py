"""The email about a payment under review, sent once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Order, OrderState


@transaction.atomic
def mail_quarantine(*, order_id: int) -> bool:
    """Tell the buyer that finance is checking their payment; return whether it was sent now."""
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order_id)
    if order.quarantine_told_at is not None or order.state != OrderState.QUARANTINED:
        return False
    with regions.active(order.buyer.region):
        context = {"order": order, "links": guest_links.mail_links(order)}
        send("quarantined", _("We are checking your payment"), order.buyer.mail_to, context)
    order.quarantine_told_at = clock.now()
    order.save(update_fields=["quarantine_told_at"])
    return True
