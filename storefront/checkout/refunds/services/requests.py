"""Requesting refunds: by the reader, by finance, or because of a fraud warning.

Every request holds the order's lock, so that what is claimed of a line never exceeds what was paid for it.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts import services as account_services
from accounts.models import User
from common import jobs
from common.errors import NotAllowed
from common.money import Money
from storefront.checkout import permissions
from storefront.checkout.entitlements.selectors import payments as order_selectors
from storefront.checkout.entitlements.services import deferred_lines
from storefront.checkout.errors import RefundDecided, RefundDisputed, RefundHeld, RefundNotPossible, RefundTooLarge
from storefront.checkout.models import Order, OrderLine, OrderState, Payment, Refund, RefundOrigin, RefundState
from storefront.checkout.orders.services.buyer_traces import Origin
from storefront.checkout.permissions import RefundRoute
from storefront.checkout.refunds.services import goodwill
from storefront.checkout.refunds.services.booking import left_in_books, owed_of_needless


@transaction.atomic
def request_refund(
    *, actor: User, line: OrderLine, reason: str, at: datetime, origin: Origin | None = None
) -> Refund | None:
    """Accept the buyer's request to return what is left of one line. Asking twice is one refund.

    Unused books, and used ones within goodwill, are refunded at once; others wait for finance to decide. `origin` is
    where the request comes from. A free line that is not supplied yet is canceled without a refund: then the result is
    None. Raises RefundNotPossible; RefundHeld while the buyer's bank has the money.
    """
    # Races with a second click, another line of the same order, and with finance.
    order = Order.objects.select_for_update().get(pk=line.order_id)
    line = OrderLine.objects.select_related("order", "edition").prefetch_related("refunds").get(pk=line.pk)
    waiting = _asked_before(line)
    if waiting is not None and permissions.may_see_order(actor, order):
        return waiting
    payment = order_selectors.payment_that_bought(order)
    was_used = permissions.was_used(line)
    if was_used:
        goodwill.start_return(order=order, origin=origin, at=at)
    way = permissions.refund_way(actor, line, at)
    if way == RefundRoute.HELD:
        raise RefundHeld
    if way.is_open and not line.paid_minor:
        deferred_lines.cancel_free(line=line, at=at)
        account_services.record_audit(actor=actor, verb="order.line_canceled", subject=line)
        return None
    if payment is None or not way.is_open or left_in_books(line) < left_of(line):
        raise RefundNotPossible  # if the books have less left, the reader's bank has given it to them
    refund = Refund.objects.create(
        line=line,
        payment=payment,
        amount_minor=left_of(line),
        currency=order.currency,
        reason=reason,
        was_used=was_used,
        state=RefundState.PENDING if way == RefundRoute.AT_ONCE else RefundState.PROPOSED,
        requested_by=actor,
        requested_at=at,
    )
    account_services.record_audit(actor=actor, verb="refund.requested", subject=refund)
    if refund.state == RefundState.PROPOSED:
        goodwill.note_waiting(order=order, amount_minor=refund.amount_minor, at=at)
    _send(refund)
    return refund


@transaction.atomic
def propose_refund(*, actor: User, line: OrderLine, amount: Money | None, reason: str, at: datetime) -> Refund:
    """Refund part or all of what is left of a line, by finance; above the limit a second person decides.

    Raises NotAllowed, RefundNotPossible, RefundTooLarge; RefundDisputed while the reader's bank has the money.
    """
    if not permissions.may_give_back_for_others(actor):
        raise NotAllowed
    order = Order.objects.select_for_update().get(pk=line.order_id)
    if permissions.is_held_by_bank(order):
        raise RefundDisputed
    line = OrderLine.objects.select_related("order").get(pk=line.pk)
    payment, left = order_selectors.payment_that_bought(order), min(left_of(line), left_in_books(line))
    wanted = amount.amount_minor if amount is not None else left
    if payment is None or order.state != OrderState.PAID or left == 0 or order.buyer_id == actor.pk:
        raise RefundNotPossible
    if line.is_waiting and wanted < left:  # what is not supplied yet is either supplied or refunded in full
        raise RefundNotPossible
    if not 0 < wanted <= left:
        raise RefundTooLarge(left=Money(left, order.currency))
    is_small = permissions.may_give_back_alone(actor) and wanted <= staff_limit_minor(order.currency)
    refund = Refund.objects.create(
        line=line,
        payment=payment,
        amount_minor=wanted,
        currency=order.currency,
        reason=reason,
        origin=RefundOrigin.STAFF,
        was_used=permissions.was_used(line),
        state=RefundState.PENDING if is_small else RefundState.PROPOSED,
        requested_by=actor,
        requested_at=at,
    )
    facts: dict[str, str | int] = {"amount": str(Money(wanted, order.currency))}
    account_services.record_audit(actor=actor, verb="refund.proposed", subject=refund, facts=facts)
    _send(refund)
    return refund


@transaction.atomic
def approve_refund(*, actor: User, refund: Refund, at: datetime) -> Refund:
    """Approve a waiting refund and send it.

    Raises NotAllowed for one's own proposal or purchase, RefundDecided; RefundDisputed while the reader's bank has the
    money: it keeps waiting.
    """
    refund = _undecided(actor, refund)
    if permissions.is_held_by_bank(refund.payment.order):
        raise RefundDisputed
    refund.state, refund.decided_by, refund.decided_at = RefundState.PENDING, actor, at
    refund.save(update_fields=["state", "decided_by", "decided_at"])
    account_services.record_audit(actor=actor, verb="refund.approved", subject=refund)
    _send(refund)
    return refund


@transaction.atomic
def decline_refund(*, actor: User, refund: Refund, at: datetime) -> Refund:
    """Decline a waiting refund; the reader is told. Raises NotAllowed, RefundDecided."""
    refund = _undecided(actor, refund)
    refund.state, refund.decided_by, refund.decided_at = RefundState.DECLINED, actor, at
    refund.finished_at = at
    refund.save(update_fields=["state", "decided_by", "decided_at", "finished_at"])
    account_services.record_audit(actor=actor, verb="refund.declined", subject=refund)
    if refund.origin == RefundOrigin.READER:
        jobs.enqueue("checkout.mail_refund", refund_id=refund.pk)
    return refund


@transaction.atomic
def refund_warned_payment(*, payment: Payment, at: datetime, actor: User | None = None) -> list[Refund]:
    """Refund every line of a payment that a card network suspects; return the refunds, none if nothing is left.

    Requested by finance or, without an actor, automatically. Raises NotAllowed; RefundDisputed if it is too late and
    the dispute has come.
    """
    if actor is not None and not permissions.may_give_back_for_others(actor):
        raise NotAllowed
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    if order.state != OrderState.PAID or order_selectors.payment_that_bought(order) != payment:
        return []
    if permissions.is_held_by_bank(order):
        if actor is not None:
            raise RefundDisputed
        return []
    refunds = [
        Refund.objects.create(
            line=line,
            payment=payment,
            amount_minor=left,
            currency=order.currency,
            reason="fraud warning",
            origin=RefundOrigin.WARNING,
            was_used=permissions.was_used(line),
            requested_by=actor,
            requested_at=at,
        )
        for line in order.lines.select_related("order").order_by("pk")
        if (left := left_of(line))
    ]
    for refund in refunds:
        account_services.record_audit(actor=actor, verb="refund.warned", subject=refund)
        _send(refund)
    return refunds


def refund_unneeded(*, payment: Payment, amount: Money, reason: str, at: datetime) -> Refund:
    """Refund a payment that bought nothing; it counts as unneeded from then on. Call with the order locked."""
    refund = Refund.objects.create(
        line=None,
        payment=payment,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        origin=RefundOrigin.DUPLICATE,
        reason=reason,
        requested_at=at,
    )
    _send(refund)
    return refund


def refund_owed(*, payment: Payment, reason: str, at: datetime) -> Refund | None:
    """Refund what is still owed of such a payment; None if nothing is, or a request of ours is pending. Order
    locked."""
    ours = payment.refunds.claiming().filter(line=None).exclude(origin=RefundOrigin.PROVIDER)
    owed = owed_of_needless(payment)
    if not owed or ours.exists():
        return None
    amount = Money(owed, payment.order.currency)
    return refund_unneeded(payment=payment, amount=amount, reason=reason, at=at)


def left_of(line: OrderLine) -> int:
    """Return the part of the line's price that no refund claims yet. Call with the order locked."""
    claimed = Refund.objects.claiming().filter(line=line).aggregate(total=Sum("amount_minor", default=0))
    left: int = line.paid_minor - claimed["total"]
    return left if left > 0 else 0


def staff_limit_minor(currency: str) -> int:
    """Return what one member of finance may refund alone."""
    return int(settings.STAFF_REFUND_LIMITS_MINOR.get(currency, 0))


def _asked_before(line: OrderLine) -> Refund | None:
    """Return the reader's own pending request."""
    standing = {RefundState.PROPOSED, RefundState.PENDING, RefundState.SUCCEEDED}
    return next(
        (r for r in line.refunds.all() if r.origin == RefundOrigin.READER and r.state in standing),
        None,
    )


def _undecided(actor: User, refund: Refund) -> Refund:
    if not permissions.may_give_back_for_others(actor):
        raise NotAllowed
    order = Order.objects.select_for_update().get(payments=refund.payment_id)
    refund = Refund.objects.select_for_update(of=("self",)).select_related("payment__order").get(pk=refund.pk)
    if refund.state != RefundState.PROPOSED:
        raise RefundDecided
    if actor.pk in {refund.requested_by_id, order.buyer_id}:
        raise NotAllowed
    return refund


def _send(refund: Refund) -> None:
    if refund.state == RefundState.PENDING:
        jobs.enqueue("checkout.send_refund", refund_id=refund.pk)
