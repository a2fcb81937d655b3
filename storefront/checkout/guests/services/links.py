"""Links that open an order to somebody without an account: in the receipt, and sent again on request.

A link's address has the order's public id, the version of its guest's links and the moment it was mailed, signed. It
lasts for `LASTS`, unless the guest's links are renewed or the guest is claimed before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from common import clock
from common.errors import NotFound
from storefront.checkout.errors import GuestLinkOver
from storefront.checkout.guests import selectors as guest_selectors
from storefront.checkout.models import Order

_SIGNER = signing.Signer(salt="storefront.guest_order")
# Mails say the days in words.
LASTS = timedelta(days=30)
# So long after it was mailed a link also shows that an order may be put into an account.
CLAIMS_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opened:
    order: Order
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Whole addresses for a mail about an order: of its page, where its books and its receipt are, too."""

    order: str


def link_of(order: Order) -> str:
    """The address that opens the order of a guest to whoever has it."""
    sent_at = int(clock.now().timestamp())
    token = _SIGNER.sign(f"{order.public_id}.{order.buyer.guest.link_version}.{sent_at}")
    return settings.SITE_URL + reverse("checkout:guest-order", args=[token])


def mail_links(order: Order) -> MailLinks:
    """What mails about the order link to: a guest's page opens by a link of its own."""
    if order.buyer.is_guest:
        return MailLinks(order=link_of(order))
    return MailLinks(order=settings.SITE_URL + reverse("pages:order", args=[order.public_id]))


def open_link(token: str) -> Opened:
    """The order behind a link, with its guest, and when the link was mailed.

    Raises NotFound for a made-up link, GuestLinkOver for one that has ended.
    """
    link = _read(token)
    order = guest_selectors.order_by_link(order_id=link.order_id, version=link.version)
    if order is None or clock.now() - link.sent_at > LASTS:
        raise GuestLinkOver
    return Opened(order, link.sent_at)


def address_behind(token: str) -> str:
    """Where a new link is mailed in the place of this one, "" when the order is in an account now. Raises NotFound for
    a made-up link."""
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
