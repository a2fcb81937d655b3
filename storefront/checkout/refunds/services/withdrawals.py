"""Withdrawal from a contract by the function that the law requires (Directive 2011/83/EU, article 11a).

The declaration is accepted without asking for permission: it is stored with its date and time and acknowledged by
email, whatever happens to each book. What can be refunded is refunded as if requested on the order's page.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import services as account_services
from common import emails
from storefront.checkout.errors import NothingToWithdrawFrom, RefundHeld, RefundNotPossible
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import (
    Order,
    OrderLine,
    OrderState,
    RefundState,
    Withdrawal,
    WithdrawalOutcome,
    WithdrawnLine,
)
from storefront.checkout.orders.services.buyer_traces import Origin
from storefront.checkout.refunds import services as refunds

# Authors and finance see it as the reason.
_REASON = "Withdrawal from contract"
_WITHOUT_CONSENT = "Withdrawal from contract, without consent to immediate supply"


@transaction.atomic
def declare(
    *,
    order: Order,
    line_ids: Collection[str],
    name: str,
    email: str,
    at: datetime,
    origin: Origin | None = None,
) -> Withdrawal:
    """Accept the buyer's declaration for these lines of a paid order. Raises NothingToWithdrawFrom if none is left.

    `origin` is where the request comes from.
    """
    # A second click waits here and then finds nothing left.
    order = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order.pk)
    lines = list(order.lines.filter(public_id__in=line_ids, withdrawn=None).order_by("pk"))
    if order.state != OrderState.PAID or not lines:
        raise NothingToWithdrawFrom
    withdrawal = Withdrawal.objects.create(order=order, name=name, email=email, declared_at=at)
    for line in lines:
        WithdrawnLine.objects.create(withdrawal=withdrawal, line=line, outcome=_outcome(order, line, at, origin))
    account_services.record_audit(actor=order.buyer, verb="order.withdrawn", subject=withdrawal)
    _acknowledge(withdrawal)
    return withdrawal


def _outcome(order: Order, line: OrderLine, at: datetime, origin: Origin | None) -> WithdrawalOutcome:
    reason = _REASON if order.waiver_at is not None else _WITHOUT_CONSENT
    try:
        refund = refunds.request_refund(actor=order.buyer, line=line, reason=reason, at=at, origin=origin)
    except RefundHeld:
        return WithdrawalOutcome.HELD
    except RefundNotPossible:
        return WithdrawalOutcome.ENDED
    if refund is None:
        return WithdrawalOutcome.CANCELED
    return WithdrawalOutcome.DECISION if refund.state == RefundState.PROPOSED else WithdrawalOutcome.RETURNED


def _acknowledge(withdrawal: Withdrawal) -> None:
    """Acknowledge the declaration with content, date and time, in the language of the page. The buyer's own address
    gets it too."""
    context = {
        "withdrawal": withdrawal,
        "order": withdrawal.order,
        "rows": list(withdrawal.lines.select_related("line__gift")),
        "links": guest_links.mail_links(withdrawal.order),
    }
    for address in dict.fromkeys([withdrawal.email, withdrawal.order.buyer.mail_to]):
        emails.enqueue("withdrawal", _("We have received your withdrawal"), address, context)
