"""Links that open an order without an account: in the receipt, and sent again on request.

A link contains the order's public id, the version of its guest's links and the moment it was emailed, signed. It is
valid for `LASTS`, unless the guest's links are renewed or the guest is claimed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from common import clock
from common.errors import NotFound
from storefront.checkout.errors import GuestLinkExpired
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.models import Order

_SIGNER = signing.Signer(salt="storefront.guest_order")
# Emails state the number of days.
LASTS = timedelta(days=30)
# For this long after it was emailed, a link is also proof enough to add an order to an account.
CLAIMS_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    order: Order
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Absolute URLs for an email about an order: of its page, which also has its books and its receipt."""

    order: str


def link_of(order: Order) -> str:
    """Return the URL that opens a guest's order for anyone who has it."""
    sent_at = int(clock.now().timestamp())
    token = _SIGNER.sign(f"{order.public_id}.{order.buyer.guest.link_version}.{sent_at}")
    return settings.SITE_URL + reverse("checkout:guest-order", args=[token])


def mail_links(order: Order) -> MailLinks:
    """Return the links for emails about the order: a guest's order page opens by a link of its own."""
    if order.buyer.is_guest:
        return MailLinks(order=link_of(order))
    return MailLinks(order=settings.SITE_URL + reverse("pages:order", args=[order.public_id]))


def open_link(token: str) -> OpenedLink:
    """Return the order behind a link, with its guest, and when the link was emailed.

    Raises NotFound for a made-up link, GuestLinkExpired for an expired one.
    """
    link = _read(token)
    order = guest_selectors.order_by_link(order_id=link.order_id, version=link.version)
    if order is None or clock.now() - link.sent_at > LASTS:
        raise GuestLinkExpired
    return OpenedLink(order, link.sent_at)


def address_behind(token: str) -> str:
    """Return the address that gets a new link in place of this one, "" if the order is in an account now. Raises
    NotFound for a made-up link."""
    return guest_selectors.email_of_order(_read(token).order_id)


@dataclass(frozen=True, slots=True)
class _Link:
    order_id: str
    version: int
    sent_at: datetime


def _read(token: str) -> _Link:
    try:
        order_id, version, sent_at = _SIGNER.unsign(token).split(".")
    except (signing.BadSignature, ValueError):
        raise NotFound from None
    return _Link(order_id, int(version), datetime.fromtimestamp(int(sent_at), UTC))
