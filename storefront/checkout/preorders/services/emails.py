"""Emails about pre-orders, each sent once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Preorder
from storefront.checkout.preorders import selectors as preorder_selectors


@transaction.atomic
def mail_release(*, preorder_id: int) -> bool:
    """Tell the buyer that the work is out and in their library; return whether it was sent now."""
    preorder = _preorder(preorder_id)
    if preorder.released_at is None or preorder.mailed_at is not None:
        return False
    buyer = preorder.line.order.buyer
    with regions.active(buyer.region):
        facts = _line_facts(preorder)
        read = settings.SITE_URL + reverse("reading:read", args=[preorder.line.edition.work.slug])
        context = {**facts, "book": facts["links"].order if buyer.is_guest else read}
        send("preorder_out", _("Your book is out"), buyer.mail_to, context)
    preorder.mailed_at = clock.now()
    preorder.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_called_off(*, preorder_id: int) -> bool:
    """Tell the buyer of a free pre-order that the work will not be published; return whether it was sent now. For
    paid ones, the refund email says so."""
    preorder = _preorder(preorder_id)
    if preorder.canceled_at is None or preorder.mailed_at is not None or preorder.line.paid_minor:
        return False
    buyer = preorder.line.order.buyer
    with regions.active(buyer.region):
        send("preorder_called_off", _("Your book will not be published"), buyer.mail_to, _line_facts(preorder))
    preorder.mailed_at = clock.now()
    preorder.save(update_fields=["mailed_at"])
    return True


@transaction.atomic
def mail_moved(*, preorder_id: int) -> bool:
    """Tell the buyer of a new release date, and that they may cancel; return whether it was sent now."""
    preorder = _preorder(preorder_id)
    day = preorder.line.edition.work.release_date
    if day is None or not preorder.is_open or day == preorder.told_date:
        return False
    buyer, before = preorder.line.order.buyer, preorder.told_date
    with regions.active(buyer.region):
        context = {**_line_facts(preorder), "day": day, "before": before, "is_later": day > before}
        send("preorder_moved", _("Your book has a new release date"), buyer.mail_to, context)
    preorder.told_date = day
    preorder.save(update_fields=["told_date"])
    return True


@transaction.atomic
def mail_delayed(*, preorder_id: int) -> bool:
    """Tell the buyer that the release date passed without the work, and that they may cancel; return whether it was
    sent now."""
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
    """Return the pre-order, locked: two workers do not email twice, and the timestamp commits only after the email
    was accepted."""
    rows = Preorder.objects.select_for_update(of=("self",))
    return rows.select_related("line__order__buyer", "line__edition__work").get(pk=preorder_id)


def _line_facts(preorder: Preorder) -> dict[str, Any]:
    return {"line": preorder.line, "links": guest_links.mail_links(preorder.line.order)}
