"""Receiving requests, answering them by email, and closing them without an answer."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts import services as account_services
from accounts.models import User
from common import emails
from common.templatetags.money import day
from helpdesk import permissions, selectors
from helpdesk.errors import RequestClosed
from helpdesk.models import ContactRequest
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Order


@transaction.atomic
def send_request(
    *, writer: User | None, email: str, topic: str, order: Order | None, named_order: str, body: str, at: datetime
) -> ContactRequest:
    """Store a request, and notify the shop's support address if there is one.

    `order` is one that the writer may see. An order number that they typed is attached if it belongs to their address.
    """
    here = writer.region if writer is not None and writer.language else regions.current()
    if order is None and named_order:
        order = selectors.order_written_from(order_id=named_order, email=email)
    request = ContactRequest.objects.create(
        user=writer,
        email=email,
        language=here.language,
        country=here.country,
        topic=topic,
        order=order,
        named_order="" if order is not None else named_order,
        body=body,
        created_at=at,
    )
    if settings.SUPPORT_EMAIL:
        with regions.active(regions.default()):
            subject = _("Contact request: %(topic)s") % {"topic": request.get_topic_display()}
            emails.enqueue("contact_request", subject, settings.SUPPORT_EMAIL, {"asked": request})
    return request


@transaction.atomic
def answer_request(*, actor: User, public_id: str, answer: str, at: datetime) -> ContactRequest:
    """Close the request with an answer and email it. Raises RequestClosed if it was closed meanwhile."""
    request = _close(actor, public_id, answer, at)
    account_services.record_audit(actor=actor, verb="contact.answered", subject=request)
    with regions.active(request.region):
        subject = _("Re: your message of %(day)s") % {"day": day(request.created_at)}
        emails.enqueue("contact_answer", subject, request.email, {"asked": request, "page": _page_of(request)})
    return request


@transaction.atomic
def close_request(*, actor: User, public_id: str, at: datetime) -> ContactRequest:
    """Close the request without an answer, for spam and thank-you notes. Raises RequestClosed."""
    request = _close(actor, public_id, "", at)
    account_services.record_audit(actor=actor, verb="contact.closed", subject=request)
    return request


def _close(actor: User, public_id: str, answer: str, at: datetime) -> ContactRequest:
    permissions.require_answer(actor)
    selectors.request_by_public_id(public_id)
    # The lock prevents two people from answering the same request.
    rows = ContactRequest.objects.select_for_update(of=("self",)).select_related("user", "order__buyer")
    request = rows.get(public_id=public_id)
    if request.closed_at is not None:
        raise RequestClosed
    request.answer, request.closed_at, request.closed_by = answer, at, actor
    request.save(update_fields=["answer", "closed_at", "closed_by"])
    return request


def _page_of(request: ContactRequest) -> str:
    """Return the URL in the answer: the order it is about, by a link that opens it only if it goes to its own buyer."""
    order = request.order
    if order is None:
        return settings.SITE_URL + reverse("contact")
    if order.buyer.mail_to.lower() == request.email.lower():
        return guest_links.mail_links(order).order
    return settings.SITE_URL + reverse("pages:order", args=[order.public_id])
