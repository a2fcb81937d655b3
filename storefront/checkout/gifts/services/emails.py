"""Emails about gifts: to the recipient, and to the person who redeemed one that ended."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from storefront.checkout.gifts import selectors as gift_selectors
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import Gift


@transaction.atomic
def mail_gift_ended(*, gift_id: int) -> bool:
    """Tell the person who redeemed a gift that it was refunded and the book is gone; return whether it was sent now."""
    rows = Gift.objects.select_for_update(of=("self",)).select_related("line__edition__work", "redeemed_by")
    gift = rows.filter(pk__in=gift_selectors.ended_after_opening().values("pk"), pk=gift_id).first()
    if gift is None or gift.redeemed_by is None:
        return False
    gift.end_told_at = clock.now()
    gift.save(update_fields=["end_told_at"])
    if not gift.redeemed_by.is_active:
        return False
    with regions.active(gift.redeemed_by.region):
        book = settings.SITE_URL + reverse("pages:book", args=[gift.line.edition.work.slug])
        send(
            "gift_ended",
            _("A book is no longer in your library"),
            gift.redeemed_by.mail_to,
            {"gift": gift, "book": book},
        )
    return True


@transaction.atomic
def mail_gift(*, gift_id: int) -> bool:
    """Send the gift's link to its recipient on its delivery date; return whether it was sent now."""
    gift = Gift.objects.select_for_update(of=("self",)).select_related("line__order__buyer").get(pk=gift_id)
    if not gift_selectors.gifts_to_mail(at=clock.now()).filter(pk=gift_id).exists():
        return False
    buyer = gift.line.order.buyer
    giver = buyer.display_name
    with regions.active(buyer.region):  # the address is all we know about the recipient
        context = {"gift": gift, "giver": giver, "link": gifts.link_of(gift)}
        subject = _("%(name)s has given you a book") % {"name": giver} if giver else _("Someone has given you a book")
        send("gift", subject, gift.recipient, context)
    gift.mailed_at = clock.now()
    gift.save(update_fields=["mailed_at"])
    return True
