"""Emails to people who bought without an account: their links, and that an account now has their orders."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts.models import Guest
from common import clock
from common.emails import send
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import LinkRequest


@transaction.atomic
def mail_links(*, request_id: int) -> bool:
    """Answer one request for links; return whether there were any to send. A failure leaves it to the retry task."""
    request = LinkRequest.objects.select_for_update().filter(pk=request_id, done_at=None).first()
    if request is None:
        return False
    orders = guest_selectors.paid_orders_of_email(request.email)
    if orders:
        with regions.active(orders[0].buyer.region):
            context = {"orders": [(order, guest_links.link_of(order)) for order in orders]}
            send("guest_links", _("Links to your orders"), request.email, context)
    request.done_at = clock.now()
    request.save(update_fields=["done_at"])
    return bool(orders)


@transaction.atomic
def mail_claimed(*, guest_id: int) -> bool:
    """Tell the guest's email address that an account now has the orders, so that a stranger's claim is noticed; return
    whether it was told now. A failure leaves it to the retry task."""
    rows = Guest.objects.select_for_update(of=("self",)).select_related("user")
    guest = rows.filter(pk=guest_id, claimed_at__isnull=False, claim_told_at=None).first()
    if guest is None:
        return False
    with regions.active(guest.user.region):
        context = {"guest": guest, "library": settings.SITE_URL + reverse("library:books")}
        send("guest_claimed", _("Your orders have been added to an account"), guest.email, context)
    guest.claim_told_at = clock.now()
    guest.save(update_fields=["claim_told_at"])
    return True
