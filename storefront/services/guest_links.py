"""Links that open an order to somebody without an account: in the receipt, and sent again on request.

A link ends in the order's public id and the version of its guest's links, signed. It lasts, as the books do, until
the guest's links are renewed or the guest is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from common.errors import NotFound
from storefront.errors import GuestLinkOver
from storefront.models import Order
from storefront.selectors import guests as guest_selectors

_SIGNER = signing.Signer(salt="storefront.guest_order")


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Whole addresses for a mail about an order: of its page, where its books and its receipt are, too."""

    order: str


def link_of(order: Order) -> str:
    """The address that opens the order of a guest to whoever has it."""
    token = _SIGNER.sign(f"{order.public_id}.{order.buyer.guest.link_version}")
    return settings.SITE_URL + reverse("guest-order", args=[token])


def mail_links(order: Order) -> MailLinks:
    """What mails about the order link to: a guest's page opens by a link of its own."""
    if order.buyer.is_guest:
        return MailLinks(order=link_of(order))
    return MailLinks(order=settings.SITE_URL + reverse("order", args=[order.public_id]))


def open_link(token: str) -> Order:
    """The order behind a link, with its guest. Raises NotFound for a made-up link, GuestLinkOver for an old one."""
    try:
        order_id, _, version = _SIGNER.unsign(token).rpartition(".")
    except signing.BadSignature:
        raise NotFound from None
    order = guest_selectors.order_by_link(order_id=order_id, version=int(version))
    if order is None:
        raise GuestLinkOver
    return order
