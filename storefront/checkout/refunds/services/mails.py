"""The email about a refund, sent once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.mails import send
from storefront.checkout import permissions
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Refund, RefundState

# For refunds that were not made; for FAILED ones, only those requested by readers.
_REFUND_MAILS = {RefundState.DECLINED: "refund_declined", RefundState.FAILED: "refund_failed"}


@transaction.atomic
def mail_refund(*, refund_id: int) -> bool:
    """Tell the buyer that a refund is on its way, that it cannot be sent, or that it was declined; return whether
    the email was sent now."""
    refund = (
        Refund.objects.select_for_update(of=("self",)).select_related("payment__order__buyer", "line").get(pk=refund_id)
    )
    if refund.mailed_at is not None or refund.state not in {*_REFUND_MAILS, RefundState.SUCCEEDED}:
        return False
    order = refund.payment.order
    with regions.active(order.buyer.region):
        context = {
            "refund": refund,
            "order": order,
            "links": guest_links.mail_links(order),
            "is_part": refund.line and refund.amount_minor < refund.line.paid_minor,
            "is_held": permissions.is_held_by_bank(order),
        }
        if refund.state in _REFUND_MAILS:
            name = _REFUND_MAILS[RefundState(refund.state)]
            send(name, _("About your refund request"), order.buyer.mail_to, context)
        else:
            send("refund", _("Your refund is on its way"), order.buyer.mail_to, context)
    refund.mailed_at = clock.database_now()
    refund.save(update_fields=["mailed_at"])
    return True
