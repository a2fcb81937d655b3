"""The email to a buyer whose bank took the money back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from common.money import Money
from royalties.entries import Deferral
from royalties.services import disputes as ledger_disputes
from storefront.checkout.entitlements.selectors import payments as order_selectors
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import Dispute, OrderLine, OrderState


@dataclass(frozen=True, slots=True)
class TakenLine:
    """What the buyer no longer has, and what became of it."""

    title: str
    fate: str


@transaction.atomic
def mail_dispute(*, dispute_id: int) -> bool:
    """Tell the buyer what a lost dispute took; return whether it was sent now.

    For a payment that bought nothing, such as one in quarantine, it took only the payment. A dispute that took money
    refunded before is skipped.
    """
    rows = Dispute.objects.select_for_update(of=("self",)).select_related("payment__order__buyer")
    dispute = rows.get(pk=dispute_id)
    if dispute.decided_at is None or dispute.told_at is not None:
        return False
    dispute.told_at = clock.now()
    dispute.save(update_fields=["told_at"])
    if dispute.is_won:  # on appeal, before this email was sent
        return False
    order, lines = dispute.payment.order, _taken_by(dispute)
    has_bought = order.state == OrderState.PAID and order_selectors.payment_that_bought(order) == dispute.payment
    if has_bought and not lines:
        return False
    with regions.active(order.buyer.region):
        context = {
            "order": order,
            "lines": _taken_rows(lines),
            "amount": Money(dispute.amount_minor, dispute.currency),
            "links": guest_links.mail_links(order),
        }
        name = "dispute_lost" if has_bought else "dispute_lost_unbought"
        send(name, _("Your bank has taken a payment back"), order.buyer.mail_to, context)
    return True


def _taken_by(dispute: Dispute) -> list[OrderLine]:
    """Return the lines that ended with the dispute."""
    case = dispute.provider_dispute_id
    sold, waiting = ledger_disputes.given_back(external_id=case), ledger_disputes.canceled_deferrals(external_id=case)
    taken = OrderLine.objects.filter(Q(public_id__in=sold) | Q(public_id__in=waiting), order=dispute.payment.order_id)
    return list(taken.select_related("gift").order_by("pk"))


def _taken_rows(lines: list[OrderLine]) -> list[TakenLine]:
    """Return a row for each line, but one for all copies that were to be handed out."""
    copies = [line for line in lines if line.is_copy]
    rows = [TakenLine(line.title, _fate(line)) for line in lines if not line.is_copy]
    if copies:
        rows.append(TakenLine(f"{len(copies)} × {copies[0].title}", _("to hand out; their links no longer work")))
    return rows


def _fate(line: OrderLine) -> str:
    if line.deferral == Deferral.GIFT:
        return _("a gift; it can no longer be read")
    return _("pre-ordered; you will not receive it") if line.is_waiting else _("no longer in your library")
