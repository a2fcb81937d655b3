"""Lines that are paid but not supplied yet: what happens to them when their order is paid or their money is refunded.

`gifts` and `preorders` supply them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import services as account_services
from common import jobs
from common.money import Money
from royalties.entries import Deferral
from royalties.services import sales
from royalties.services.deferrals import DeferredPayment
from storefront.checkout import permissions
from storefront.checkout.entitlements.selectors import payments as order_selectors
from storefront.checkout.models import Dispute, Gift, Order, OrderLine, Preorder, Refund, RefundOrigin, RefundState

CALLED_OFF = "called_off"  # the reason for refunds of works that will not come out


def payment_of(order: Order, line: OrderLine) -> DeferredPayment:
    """Return the line's payment as royalties takes it: the tax of a gift is not known yet."""
    is_gift = line.deferral == Deferral.GIFT
    return DeferredPayment(
        reference=line.public_id,
        order_reference=order.public_id,
        deferral=Deferral(line.deferral),
        paid=Money(line.paid_minor, order.currency),
        tax=Money(0 if is_gift else line.tax_minor, order.currency),
        tax_country="" if is_gift else order.tax_country,
    )


@transaction.atomic
def cancel_for_refund(*, line: OrderLine, external_id: str, at: datetime) -> bool:
    """Book that a line is refunded before anything was supplied, and end its gift or pre-order.

    Called when the provider has accepted the refund, with the order's row locked. Return False for any other line: then
    there is a sale to reverse. `external_id` is the provider's refund; repeating the same one has no effect.
    """
    line = OrderLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if not line.is_waiting:
        return False
    if line.paid_minor:
        sales.refund_deferred_payment(reference=line.public_id, external_id=external_id, at=at)
    end_all(references=[line.public_id], at=at)
    return True


def cancel_free(*, line: OrderLine, at: datetime, is_called_off: bool = False) -> None:
    """End a line that cost nothing; the order's row is locked by the caller.

    Since there is no refund email, a separate email says that a work will not be published. A buyer who canceled needs
    none.
    """
    cancel_for_refund(line=line, external_id="", at=at)
    preorder = Preorder.objects.filter(line=line, canceled_at=at, mailed_at=None)
    if not is_called_off:
        preorder.update(mailed_at=at)
        return
    for preorder_id in preorder.values_list("pk", flat=True):
        jobs.enqueue("checkout.mail_called_off", preorder_id=preorder_id)


def end_all(*, references: Collection[str], at: datetime) -> None:
    """End these lines, which will not be supplied; the orders' rows are locked by the caller."""
    Gift.objects.filter(line__public_id__in=references, redeemed_at=None, canceled_at=None).update(canceled_at=at)
    Preorder.objects.filter(line__public_id__in=references, released_at=None, canceled_at=None).update(canceled_at=at)


def refund_unsupplied(*, line: OrderLine, reason: str, at: datetime) -> Refund | None:
    """Refund a line that will not be supplied, without a request; the order's row is locked by the caller.

    A free line is canceled at once. Return None if there is nothing to refund, the refund is already on its way, or the
    buyer's bank has the money: then the retry task tries again. A refund that the provider refused permanently is not
    requested again; finance was told.
    """
    over = Q(state__in=[RefundState.FAILED, RefundState.DECLINED])
    is_last_word = Q(reason=reason) & ~Exists(_decided_since())
    if line.refunds.filter(~over | is_last_word).exists():
        return None
    if not line.paid_minor:
        cancel_free(line=line, at=at, is_called_off=reason == CALLED_OFF)
        return None
    order = line.order
    payment = order_selectors.payment_that_bought(order)
    if payment is None or permissions.is_held_by_bank(order):
        return None
    refund = Refund.objects.create(
        line=line,
        payment=payment,
        amount_minor=line.paid_minor,
        currency=order.currency,
        reason=reason,
        origin=RefundOrigin.SYSTEM,
        requested_at=at,
    )
    account_services.record_audit(actor=None, verb="refund.requested", subject=refund, facts={"reason": reason})
    jobs.enqueue("checkout.send_refund", refund_id=refund.pk)
    return refund


def _decided_since() -> QuerySet[Dispute]:
    """Return disputes that are decided and for which the provider may have refused a refund."""
    of_payment = Dispute.objects.filter(payment=OuterRef("payment"), is_withdrawn=True)
    return of_payment.filter(decided_at__gte=OuterRef("requested_at"))


def has_refund(line: OrderLine) -> bool:
    """Return whether the line's money is being or has been refunded, or a refund awaits a decision. The caller has
    locked the order's row."""
    return Refund.objects.claiming().filter(line=line).exists()
