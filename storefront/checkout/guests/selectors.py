"""People who bought without an account, found by their links, their later accounts and their email address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Coalesce

from accounts import selectors as account_selectors
from accounts.models import Guest, User
from storefront.checkout.models import Order, OrderState


@dataclass(frozen=True, slots=True)
class WaitingPurchase:
    """Paid orders of one guest that a person may add to their account."""

    guest_id: str
    titles: tuple[str, ...]
    bought_at: datetime


def guests_by_links(links: Mapping[str, int]) -> list[User]:
    """Return the guests whose links are currently valid, from public id and version of the link; one query."""
    rows = User.objects.filter(is_guest=True, is_active=True, guest__claimed_at=None, public_id__in=list(links))
    found = rows.select_related("guest").order_by("pk")
    return [user for user in found if user.guest.link_version == links[user.public_id]]


def order_by_link(*, order_id: str, version: int) -> Order | None:
    """Return the order that a valid link names, with its guest."""
    rows = Order.objects.filter(
        public_id=order_id,
        buyer__is_guest=True,
        buyer__is_active=True,
        buyer__guest__claimed_at=None,
        buyer__guest__link_version=version,
    )
    return rows.select_related("buyer__guest").first()


def email_of_order(order_id: str) -> str:
    """Return the email address of an order that is in nobody's account; "" for any other."""
    waiting = Guest.objects.filter(user__orders__public_id=order_id, claimed_at=None)
    return waiting.values_list("email", flat=True).first() or ""


def paid_orders_of_email(email: str) -> list[Order]:
    """Return paid orders under the address (in lower case) that are in nobody's account, newest first.

    Includes orders whose payment is still under review.
    """
    rows = Order.objects.filter(
        buyer__is_guest=True,
        buyer__guest__email=email,
        buyer__guest__claimed_at=None,
        state__in=[OrderState.PAID, OrderState.QUARANTINED],
    )
    rows = rows.annotate(bought_at=Coalesce("paid_at", "created_at"))
    return list(rows.select_related("buyer__guest").prefetch_related("lines").order_by("-bought_at", "-pk"))


def waiting_for(user: User) -> list[WaitingPurchase]:
    """Return purchases without an account under an address that the person has confirmed, newest first."""
    rows = Order.objects.filter(
        buyer__is_guest=True,
        buyer__guest__email__in=account_selectors.confirmed_emails(user),
        buyer__guest__claimed_at=None,
        state=OrderState.PAID,
    )
    by_guest: dict[int, list[Order]] = {}
    for order in rows.select_related("buyer").prefetch_related("lines").order_by("-paid_at", "-pk"):
        by_guest.setdefault(order.buyer_id, []).append(order)
    return [_waiting(orders) for orders in by_guest.values()]


def _waiting(orders: list[Order]) -> WaitingPurchase:
    titles = tuple(line.title for order in orders for line in order.lines.all())
    return WaitingPurchase(orders[0].buyer.public_id, titles, orders[0].paid_at or orders[0].created_at)
