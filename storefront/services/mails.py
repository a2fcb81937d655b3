"""Mails about buying, each once: the receipt with its confirmation of the waiver, the note about a refund, the gift to
whom it is for, and what becomes of a pre-order."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.mails import send
from storefront import permissions
from storefront.models import Gift, Order, OrderState, Preorder, Refund, RefundState
from storefront.selectors import gifts as gift_selectors
from storefront.selectors import preorders as preorder_selectors
from storefront.selectors.receipts import receipt_of
from storefront.services import gifts, guest_links

# Of refunds that did not come to be; FAILED ones of readers only.
_REFUND_MAILS = {RefundState.DECLINED: "refund_declined", RefundState.FAILED: "refund_failed"}


@transaction.atomic
def mail_receipt(*, order_id: int) -> bool:
    """Send the receipt of a paid order; whether it was sent now. A failure leaves it to the sweeper."""
    # The lock keeps two workers from mailing twice; the mark commits only after the mail was taken.
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order_id)
    if order.receipt_sent_at is not None or order.paid_at is None:
        return False
    with regions.active(order.buyer.region):
        context = receipt_context(order)
        send("receipt", _("Your books, and the receipt"), order.buyer.mail_to, context)
    order.receipt_sent_at = clock.now()
    order.save(update_fields=["receipt_sent_at"])
    return True


def receipt_context(order: Order) -> dict[str, object]:
    """What the receipt of a paid order, which comes with its buyer, is written from, in the language that is active."""
    lines = list(order.lines.select_related("bundle", "series", "gift", "preorder", "entitlement").order_by("pk"))
    return {
        "order": order,
        "receipt": receipt_of(order, lines),
        "links": guest_links.mail_links(order),
        "has_books": any(not line.deferral for line in lines),
        "is_mixed": any(line.deferral for line in lines),
    }


@transaction.atomic
def mail_quarantine(*, order_id: int) -> bool:
    """Tell the buyer that a person looks at what they paid; whether it was sent now."""
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order_id)
    if order.quarantine_told_at is not None or order.state != OrderState.QUARANTINED:
        return False
    with regions.active(order.buyer.region):
        context = {"order": order, "links": guest_links.mail_links(order)}
        send("quarantined", _("We look at your payment"), order.buyer.mail_to, context)
    order.quarantine_told_at = clock.now()
    order.save(update_fields=["quarantine_told_at"])
    return True


@transaction.atomic
def mail_refund(*, refund_id: int) -> bool:
    """Tell the buyer that money is on its way back, or that it cannot be sent or a person decided otherwise; whether
    the mail was sent now."""
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
            send(name, _("About your wish to give a book back"), order.buyer.mail_to, context)
        else:
            send("refund", _("Your money is on its way back"), order.buyer.mail_to, context)
    refund.mailed_at = clock.now()
    refund.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_gift(*, gift_id: int) -> bool:
    """Send the gift's link to whom it is for, on its day; whether it was sent now."""
    gift = Gift.objects.select_for_update(of=("self",)).select_related("line__order__buyer").get(pk=gift_id)
    if not gift_selectors.gifts_to_mail(at=clock.now()).filter(pk=gift_id).exists():
        return False
    buyer = gift.line.order.buyer
    giver = buyer.display_name
    with regions.active(buyer.region):  # of the recipient we know nothing but the address
        context = {"gift": gift, "giver": giver, "link": gifts.link_of(gift)}
        subject = _("%(name)s gives you a book") % {"name": giver} if giver else _("Somebody gives you a book")
        send("gift", subject, gift.recipient, context)
    gift.mailed_at = clock.now()
    gift.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_release(*, preorder_id: int) -> bool:
    """Tell the buyer that the work is out and in their library; whether it was sent now."""
    preorder = _preorder(preorder_id)
    if preorder.released_at is None or preorder.mailed_at is not None:
        return False
    buyer = preorder.line.order.buyer
    with regions.active(buyer.region):
        facts = _line_facts(preorder)
        read = settings.SITE_URL + reverse("read", args=[preorder.line.edition.work.slug])
        context = {**facts, "book": facts["links"].order if buyer.is_guest else read}
        send("preorder_out", _("Your book is out"), buyer.mail_to, context)
    preorder.mailed_at = clock.now()
    preorder.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_called_off(*, preorder_id: int) -> bool:
    """Tell the buyer of a free one that the work will not come out; whether it was sent now. Of others the refund
    tells."""
    preorder = _preorder(preorder_id)
    if preorder.canceled_at is None or preorder.mailed_at is not None or preorder.line.paid_minor:
        return False
    buyer = preorder.line.order.buyer
    with regions.active(buyer.region):
        send("preorder_called_off", _("Your book will not come out"), buyer.mail_to, _line_facts(preorder))
    preorder.mailed_at = clock.now()
    preorder.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_moved(*, preorder_id: int) -> bool:
    """Tell the buyer of another day of release, and that they may cancel; whether it was sent now."""
    preorder = _preorder(preorder_id)
    day = preorder.line.edition.work.release_date
    if day is None or not preorder.is_open or day == preorder.told_date:
        return False
    buyer, before = preorder.line.order.buyer, preorder.told_date
    with regions.active(buyer.region):
        context = {**_line_facts(preorder), "day": day, "before": before, "is_later": day > before}
        send("preorder_moved", _("Your book comes out on another day"), buyer.mail_to, context)
    preorder.told_date = day
    preorder.save(update_fields=["told_date"])
    return True


@transaction.atomic
def mail_delayed(*, preorder_id: int) -> bool:
    """Tell the buyer that the day of release passed without the work, and that they may cancel; whether it was sent
    now."""
    preorder = _preorder(preorder_id)
    if not preorder_selectors.to_tell_of_delay(day=clock.now().date()).filter(pk=preorder_id).exists():
        return False
    buyer, day = preorder.line.order.buyer, preorder.line.edition.work.release_date
    with regions.active(buyer.region):
        send("preorder_late", _("Your book is not out yet"), buyer.mail_to, {**_line_facts(preorder), "day": day})
    preorder.late_date = day
    preorder.save(update_fields=["late_date"])
    return True


def _preorder(preorder_id: int) -> Preorder:
    """The pre-order, locked: two workers do not mail twice, and the mark commits only after the mail was taken."""
    rows = Preorder.objects.select_for_update(of=("self",))
    return rows.select_related("line__order__buyer", "line__edition__work").get(pk=preorder_id)


def _line_facts(preorder: Preorder) -> dict[str, Any]:
    return {"line": preorder.line, "links": guest_links.mail_links(preorder.line.order)}
