"""Mails about buying: the receipt with its confirmation of the waiver, and the note about a refund. Each once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock
from storefront.models import Order, Refund, RefundState


@transaction.atomic
def mail_receipt(*, order_id: int) -> bool:
    """Send the receipt of a paid order; whether it was sent now. A failure leaves it to the sweeper."""
    # The lock keeps two workers from mailing twice; the mark commits only after the mail was taken.
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order_id)
    if order.receipt_sent_at is not None or order.paid_at is None:
        return False
    lines = list(order.lines.order_by("pk"))
    context = {"order": order, "lines": lines, "tax_minor": sum(line.tax_minor for line in lines)}
    _send("receipt", _("Your books, and the receipt"), order.buyer.email, context)
    order.receipt_sent_at = clock.now()
    order.save(update_fields=["receipt_sent_at"])
    return True


@transaction.atomic
def mail_refund(*, refund_id: int) -> bool:
    """Tell the buyer that money is on its way back, or that a person decided otherwise; whether it was sent now."""
    refund = (
        Refund.objects.select_for_update(of=("self",)).select_related("payment__order__buyer", "line").get(pk=refund_id)
    )
    if refund.mailed_at is not None or refund.state not in {RefundState.SUCCEEDED, RefundState.DECLINED}:
        return False
    order = refund.payment.order
    is_declined = refund.state == RefundState.DECLINED
    subject = _("About your wish to give a book back") if is_declined else _("Your money is on its way back")
    context = {
        "refund": refund,
        "order": order,
        "is_part": refund.line and refund.amount_minor < refund.line.paid_minor,
    }
    _send("refund_declined" if is_declined else "refund", subject, order.buyer.email, context)
    refund.mailed_at = clock.now()
    refund.save(update_fields=["mailed_at"])
    return True


def _send(name: str, subject: str, to: str, context: dict[str, Any]) -> None:
    context = {**context, "SITE_URL": settings.SITE_URL, "SITE_NAME": "Octavo"}
    with translation.override(settings.LANGUAGE_CODE):
        mail = EmailMultiAlternatives(subject, render_to_string(f"emails/{name}.txt", context), to=[to])
        mail.attach_alternative(render_to_string(f"emails/{name}.html", context), "text/html")
        mail.send()
