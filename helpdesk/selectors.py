"""Queries for contact requests."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from accounts.models import User
from common.errors import NotFound
from helpdesk.models import ContactRequest
from storefront.checkout.models import Order, OrderState

_MAX_ORDERS = 50
_MAX_OWN = 20  # in an inbox


def count_open() -> int:
    """Return how many requests wait for an answer."""
    return ContactRequest.objects.open().count()


def requests_by(*, state: str = "open", text: str = "") -> QuerySet[ContactRequest]:
    """Return open requests, oldest first; or answered or closed ones, newest first."""
    rows = ContactRequest.objects.select_related("user", "order", "closed_by")
    if text:
        rows = rows.filter(
            Q(email__icontains=text) | Q(body__icontains=text) | Q(public_id=text) | Q(order__public_id=text)
        )
    if state == "answered":
        return rows.exclude(answer="").order_by("-closed_at", "-pk")
    if state == "closed":
        return rows.filter(closed_at__isnull=False, answer="").order_by("-closed_at", "-pk")
    return rows.open().order_by("created_at", "pk")


def request_by_public_id(public_id: str) -> ContactRequest:
    """Return the request. Raises NotFound."""
    rows = ContactRequest.objects.select_related("user", "order__buyer", "closed_by")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def requests_of(user: User, *, only_answered: bool = False) -> list[ContactRequest]:
    """Return what the person asked while logged in, newest first."""
    rows = ContactRequest.objects.filter(user=user)
    if only_answered:
        rows = rows.exclude(answer="")
    return list(rows.order_by("-pk")[:_MAX_OWN])


def own_request(user: User, public_id: str) -> ContactRequest:
    """Return a request of the person. Raises NotFound."""
    found = ContactRequest.objects.select_related("order").filter(user=user, public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def other_requests_of(request: ContactRequest) -> list[ContactRequest]:
    """Return other requests from the same address, newest first."""
    rows = ContactRequest.objects.filter(email__iexact=request.email).exclude(pk=request.pk)
    return list(rows.order_by("-pk")[:10])


def orders_to_attach(holders: Sequence[User]) -> list[Order]:
    """Return the newest orders of these people and guests, with their lines."""
    if not holders:
        return []
    rows = Order.objects.filter(buyer__in=holders).exclude(state=OrderState.CANCELED).order_by("-created_at", "-pk")
    return list(rows.prefetch_related("lines")[:_MAX_ORDERS])


def order_written_from(*, order_id: str, email: str) -> Order | None:
    """Return the order with that number, if emails about it go to that address."""
    order = Order.objects.select_related("buyer__guest").filter(public_id=order_id).first()
    return order if order is not None and order.buyer.mail_to.lower() == email.lower() else None
