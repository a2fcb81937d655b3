"""The two ways out for an order whose payment was not what was quoted: finance accepts it, or all of it goes back.

The provider is asked first, outside of any transaction, as when an order is settled.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from payments import services as payment_services
from payments.gateway import CheckoutSession, PaymentDetails
from royalties.services import needless
from storefront import permissions
from storefront.errors import NotAsQuoted, QuarantineDisputed, QuarantineOver
from storefront.models import Dispute, DisputeStatus, Order, OrderState, Payment, PaymentState
from storefront.services import coupons, refunds, settlement, taxes
from storefront.services.buyers import lock_buyer


def accept(*, actor: User, order: Order, at: datetime) -> Order:
    """Let the payment buy the order after all: what the provider tells of it now is what was quoted.

    Raises NotAllowed, QuarantineOver, NotAsQuoted, GatewayUnknown, GatewayRefused.
    """
    _check(actor, order)
    payment = order.payments.filter(state=PaymentState.SUCCEEDED).order_by("pk").first()
    if payment is None:
        raise NotAsQuoted
    gateway = payment_services.gateway()
    session = gateway.fetch_checkout(session_id=payment.session_id)
    details = gateway.fetch_payment(payment_id=payment.provider_payment_id)
    with transaction.atomic():
        order = _lock(order)
        return _accept(order, payment, session, details, actor=actor, at=at)


def give_back(*, actor: User, order: Order, at: datetime) -> Order:
    """Send everything that was paid back, as payments that bought nothing.

    Raises NotAllowed, QuarantineOver; QuarantineDisputed where a bank has the money; GatewayUnknown, GatewayRefused.
    """
    _check(actor, order)
    gateway = payment_services.gateway()
    came = order.payments.filter(state=PaymentState.SUCCEEDED).order_by("pk")
    paid = [(one, gateway.fetch_payment(payment_id=one.provider_payment_id)) for one in came]
    with transaction.atomic():
        order = _lock(order)
        if _has_bank_taken(order):
            raise QuarantineDisputed
        order.state = OrderState.CANCELED
        order.save(update_fields=["state"])
        coupons.release(orders=[order.pk])
        for payment, details in paid:
            _send_back(order, payment, details, at)
        account_services.record_audit(actor=actor, verb="order.sent_back", subject=order)
        return order


def _accept(
    order: Order, payment: Payment, session: CheckoutSession, details: PaymentDetails, *, actor: User, at: datetime
) -> Order:
    is_free = not _has_bank_taken(order) and not order.payments.exclude(pk=payment.pk).filter(
        state=PaymentState.SUCCEEDED
    )
    if not details.succeeded or details.refunded.amount_minor:
        raise NotAsQuoted
    if not is_free or settlement.owns_any(order) or not taxes.is_as_quoted(order, session, details):
        raise NotAsQuoted
    if not taxes.is_sold_where_taxed(order, session) or not coupons.consume(order=order, at=at):
        raise NotAsQuoted
    taxes.adopt(order, session)
    settlement.complete(order=order, at=at)
    settlement.book_arrival(order, details)
    account_services.record_audit(
        actor=actor, verb="order.accepted", subject=order, facts={"paid": str(details.amount)}
    )
    return order


def _send_back(order: Order, payment: Payment, details: PaymentDetails, at: datetime) -> None:
    needless.record_payment(payment=payment.public_id, order_reference=order.public_id, amount=details.amount, at=at)
    settlement.book_arrival(order, details)
    refunds.give_back_needless(payment=payment, amount=details.amount, reason="not_as_quoted", at=at)


def _has_bank_taken(order: Order) -> bool:
    taken = Dispute.objects.filter(payment__order=order, is_withdrawn=True)
    return taken.exclude(status__in=[DisputeStatus.WON, DisputeStatus.PREVENTED]).exists()


def _check(actor: User, order: Order) -> None:
    if not permissions.may_give_back_for_others(actor) or order.buyer_id == actor.pk:
        raise NotAllowed
    if order.state != OrderState.QUARANTINED:
        raise QuarantineOver


def _lock(order: Order) -> Order:
    """Buyer and order, as when it is settled; two who decide at once queue here."""
    lock_buyer(buyer_id=order.buyer_id)
    locked = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order.pk)
    if locked.state != OrderState.QUARANTINED:
        raise QuarantineOver
    return locked
