"""The email about a refund, sent once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import regions
from common import clock
from common.emails import send
from common.templatetags.money import money
from royalties.entries import Deferral
from storefront.checkout import permissions
from storefront.checkout.entitlements.services.deferred_lines import CALLED_OFF
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import OrderLine, Preorder, Refund, RefundState

# For refunds that were not made; for FAILED ones, only those requested by readers.
_REFUND_MAILS = {RefundState.DECLINED: "refund_declined", RefundState.FAILED: "refund_failed"}


@transaction.atomic
def mail_refund(*, refund_id: int) -> bool:
    """Tell the buyer that a refund is on its way, that it cannot be sent, or that it was declined; return whether
    the email was sent now."""
    if _is_of_copy(refund_id):
        return _mail_copies(refund_id)
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
            "is_held": permissions.is_held_by_bank(order),
        }
        if refund.state in _REFUND_MAILS:
            name = _REFUND_MAILS[RefundState(refund.state)]
            send(name, _("About your refund request"), order.buyer.mail_to, context)
        else:
            context["sentences"] = _sentences(refund)
            send("refund", _("Your refund is on its way"), order.buyer.mail_to, context)
    refund.mailed_at = clock.database_now()
    refund.save(update_fields=["mailed_at"])
    return True


def _is_of_copy(refund_id: int) -> bool:
    """Return whether it is the refund of an unopened copy that was made: of those, one email tells."""
    return _of_unopened_copies().filter(pk=refund_id, state=RefundState.SUCCEEDED).exists()


def _of_unopened_copies() -> QuerySet[Refund]:
    return Refund.objects.filter(line__gift__copy_number__isnull=False, line__gift__redeemed_at=None)


def _mail_copies(refund_id: int) -> bool:
    """Tell the buyer of all copies of the order that were refunded and not told of, once none is on its way."""
    payment = Refund.objects.values_list("payment", flat=True).get(pk=refund_id)
    copies = _of_unopened_copies().filter(payment=payment)
    # Locked in one order: each of the refunds has a message of its own, and two may be here at once.
    untold = copies.filter(state=RefundState.SUCCEEDED, mailed_at=None).order_by("pk")
    told = list(untold.select_for_update(of=("self",)).select_related("line", "payment__order__buyer"))
    if refund_id not in {one.pk for one in told} or copies.filter(state=RefundState.PENDING).exists():
        return False
    order = told[0].payment.order
    with regions.active(order.buyer.region):
        context = {"order": order, "links": guest_links.mail_links(order), "sentences": _about_copies(told)}
        send("refund", _("Your refund is on its way"), order.buyer.mail_to, context)
    Refund.objects.filter(pk__in=[one.pk for one in told]).update(mailed_at=clock.database_now())
    return True


def _about_copies(refunds: list[Refund]) -> str:
    first = refunds[0]
    facts = {
        "n": len(refunds),
        "amount": money(sum(one.amount_minor for one in refunds), first.currency),
        "title": first.line.title if first.line is not None else "",
    }
    words = ngettext(
        "We have refunded %(amount)s for %(n)d copy of “%(title)s”, the same way you paid. Its link no longer works.",
        "We have refunded %(amount)s for %(n)d copies of “%(title)s”, the same way you paid. Their links no longer "
        "work.",
        len(refunds),
    )
    return words % facts


def _sentences(refund: Refund) -> str:
    """Say what was refunded, and what that leaves the buyer."""
    line, amount = refund.line, money(refund.amount_minor, refund.currency)
    if line is None:
        return _about_order(refund.reason) % {"amount": amount}
    facts = {"amount": amount, "title": line.title}
    if refund.amount_minor < line.paid_minor:
        return _("We have refunded %(amount)s of the price of “%(title)s”, the same way you paid.") % facts
    refunded = _("We have refunded %(amount)s for “%(title)s”, the same way you paid.") % facts
    return f"{refunded} {_about_book(line, refund.reason)}"


def _about_book(line: OrderLine, reason: str) -> str:
    if line.deferral == Deferral.GIFT:
        return _("The gift’s link no longer works.")
    if reason == CALLED_OFF:
        return _("The book will not come out after all.")
    if reason == "owned_already":
        return _("You already had the book in your library, and it stays there.")
    preorder: Preorder | None = getattr(line, "preorder", None)
    if line.is_waiting or (preorder is not None and preorder.canceled_at is not None):
        return _("Your pre-order is cancelled.")
    return _("The book is no longer in your library.")


def _about_order(reason: str) -> str:
    """Return the sentence about a payment that bought nothing."""
    words = {
        "not_as_quoted": _(
            "The amount we received for your order was not the one we asked for, so we have refunded %(amount)s, the "
            "same way you paid. You have not bought anything; you can order the books again."
        ),
        "coupon_used": _(
            "Someone else used your coupon code before your payment arrived, so we have refunded %(amount)s, the same "
            "way you paid. You can order the books at their usual price."
        ),
        "not_sold_there": _(
            "A book in your order is not sold in the country of your billing address, so we have refunded %(amount)s, "
            "the same way you paid. You can order the others separately."
        ),
    }
    owned = _(
        "You paid for books you already owned, so we have refunded %(amount)s, the same way you paid. You keep the "
        "books."
    )
    return words.get(reason, owned)
