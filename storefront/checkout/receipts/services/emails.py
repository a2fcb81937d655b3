"""The receipt with its confirmation of the waiver, emailed once."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Order
from storefront.checkout.receipts.selectors import receipt_of


@transaction.atomic
def mail_receipt(*, order_id: int) -> bool:
    """Send the receipt of a paid order; return whether it was sent now. A failure leaves it to the retry task."""
    # The lock keeps two workers from emailing twice; the timestamp commits only after the email was accepted.
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order_id)
    if order.receipt_sent_at is not None or order.paid_at is None:
        return False
    with regions.active(order.buyer.region):
        context = receipt_context(order)
        send("receipt", _("Your books and receipt"), order.buyer.mail_to, context)
    order.receipt_sent_at = clock.now()
    order.save(update_fields=["receipt_sent_at"])
    return True


def _copies_link(order: Order) -> str:
    """Return the URL of the page with the links of several copies; a guest comes to it by the order's page."""
    if order.buyer.is_guest:
        return guest_links.mail_links(order).order
    return settings.SITE_URL + reverse("checkout:order-copies", args=[order.public_id])


def receipt_context(order: Order) -> dict[str, object]:
    """Return the context of the receipt of a paid order, which comes with its buyer, in the active language."""
    lines = list(order.lines.select_related("bundle", "series", "gift", "preorder", "entitlement").order_by("pk"))
    return {
        "order": order,
        "receipt": receipt_of(order, lines),
        "links": guest_links.mail_links(order),
        "copies": sum(line.is_copy for line in lines),
        "copies_link": _copies_link(order),
        "has_books": any(not line.deferral for line in lines),
        "is_mixed": any(line.deferral for line in lines),
    }
