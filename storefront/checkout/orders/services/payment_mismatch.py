"""Decisions on an order whose payment was not what was quoted: finance accepts it or refunds all of it.

If an order was already paid by another payment, the payment that does not match can only be refunded.

The provider is asked first, outside any transaction, as when an order is settled.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import services as account_services
from accounts.models import User
from common.errors import NotAllowed
from payments import services as payment_services
from payments.gateway import CheckoutSession, PaymentDetails
from royalties.services import disputes as ledger_disputes
from royalties.services import duplicate_payments
from storefront.checkout import permissions
from storefront.checkout.coupons import services as coupons
from storefront.checkout.entitlements.services.buyer_lock import lock_buyer
from storefront.checkout.errors import MismatchChanged, MismatchDecided, MismatchDisputed, NotAsQuoted
from storefront.checkout.models import Dispute, DisputeStatus, Order, OrderState, Payment, PaymentState
from storefront.checkout.orders.services import settlement
from storefront.checkout.refunds import services as refunds
from storefront.checkout.tax import checkout_tax as taxes


def accept(*, actor: User, order: Order, at: datetime) -> Order:
    """Let the payment buy the order after all, if the provider's current state matches the quote.

    Raises NotAllowed, MismatchDecided, NotAsQuoted, GatewayUnknown, GatewayRefused.
    """
    _check(actor, order)
    payment = _came(order).first()
    if payment is None:
        raise NotAsQuoted
    gateway = payment_services.gateway()
    session = gateway.fetch_checkout(session_id=payment.session_id)
    details = gateway.fetch_payment(payment_id=payment.provider_payment_id)
    with transaction.atomic():
        order = _lock(order)
        return _accept(order, payment, session, details, actor=actor, at=at)


def refund_order(*, actor: User, order: Order, at: datetime) -> Order:
    """Refund everything that was paid, as payments that bought nothing.

    What a bank has taken for good is not refunded again. Raises NotAllowed; MismatchDecided, or MismatchChanged if
    another payment came meanwhile; MismatchDisputed while a bank decides; GatewayUnknown, GatewayRefused.
    """
    _check(actor, order)
    gateway = payment_services.gateway()
    paid = [(one, gateway.fetch_payment(payment_id=one.provider_payment_id)) for one in _came(order)]
    with transaction.atomic():
        order = _lock(order)
        if _taken_by_bank(order).exclude(status=DisputeStatus.LOST).exists():
            raise MismatchDisputed
        # Otherwise we would keep a payment that was settled between the check and the lock.
        if {one.pk for one, _ in paid} != set(_came(order).values_list("pk", flat=True)):
            raise MismatchChanged
        order.state = OrderState.CANCELED
        order.save(update_fields=["state"])
        coupons.release(orders=[order.pk])
        for payment, details in paid:
            _send_back(order, payment, details, at, reason="not_as_quoted")
        account_services.record_audit(actor=actor, verb="order.sent_back", subject=order)
        return order


def refund_unmatched(*, actor: User, payment: Payment, at: datetime) -> Payment:
    """Refund a payment that does not match and arrived when its order was already paid; the order stays as it is.

    Raises NotAllowed, MismatchDecided, GatewayUnknown, GatewayRefused; MismatchDisputed while a bank decides.
    """
    _check_actor(actor, payment.order)
    if payment.state != PaymentState.UNMATCHED:
        raise MismatchDecided
    details = payment_services.gateway().fetch_payment(payment_id=payment.provider_payment_id)
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=payment.order_id)
        if _taken_by_bank(order).filter(payment=payment).exclude(status=DisputeStatus.LOST).exists():
            raise MismatchDisputed
        unmatched = Payment.objects.filter(pk=payment.pk, state=PaymentState.UNMATCHED)
        if not unmatched.update(state=PaymentState.SUCCEEDED):  # two decisions at once
            raise MismatchDecided
        payment.refresh_from_db()
        _send_back(order, payment, details, at, reason="duplicate")
        account_services.record_audit(
            actor=actor, verb="payment.sent_back", subject=payment, facts={"paid": str(details.amount)}
        )
        return payment


def _accept(
    order: Order, payment: Payment, session: CheckoutSession, details: PaymentDetails, *, actor: User, at: datetime
) -> Order:
    is_free = not _taken_by_bank(order).exists() and not _came(order).exclude(pk=payment.pk).exists()
    if not details.succeeded or details.refunded.amount_minor:
        raise NotAsQuoted
    if not is_free or settlement.owns_any(order) or not taxes.is_as_quoted(order, session, details):
        raise NotAsQuoted
    if not taxes.is_sold_where_taxed(order, session) or not coupons.consume(order=order, at=at):
        raise NotAsQuoted
    taxes.adopt(order, session)
    settlement.complete(order=order, at=at, paid_at=settlement.when_paid(order, details))
    settlement.book_arrival(order, details)
    account_services.record_audit(
        actor=actor, verb="order.accepted", subject=order, facts={"paid": str(details.amount)}
    )
    return order


def _send_back(order: Order, payment: Payment, details: PaymentDetails, at: datetime, *, reason: str) -> None:
    duplicate_payments.record_payment(
        payment=payment.public_id,
        order_reference=order.public_id,
        amount=details.amount,
        at=settlement.when_paid(order, details),
    )
    settlement.book_arrival(order, details)
    for dispute in _taken_by_bank(order).filter(payment=payment, status=DisputeStatus.LOST):
        owed = refunds.owed_of_needless(payment)
        ledger_disputes.lose_what_was_owed(external_id=dispute.provider_dispute_id, owed_minor=owed, at=at)
    if refunds.owed_of_needless(payment):
        refunds.refund_owed(payment=payment, reason=reason, at=at)
    else:
        Payment.objects.filter(pk=payment.pk).update(state=PaymentState.REFUNDED)


def _came(order: Order) -> QuerySet[Payment]:
    return order.payments.filter(state=PaymentState.SUCCEEDED).order_by("pk")


def _taken_by_bank(order: Order) -> QuerySet[Dispute]:
    """Return disputes whose money is with the bank, for good or until it decides."""
    return Dispute.objects.not_won().filter(payment__order=order, is_withdrawn=True).order_by("pk")


def _check(actor: User, order: Order) -> None:
    _check_actor(actor, order)
    if order.state != OrderState.QUARANTINED:
        raise MismatchDecided


def _check_actor(actor: User, order: Order) -> None:
    if not permissions.may_give_back_for_others(actor) or order.buyer_id == actor.pk:
        raise NotAllowed


def _lock(order: Order) -> Order:
    """Lock buyer and order, as when it is settled; two decisions at once queue here."""
    lock_buyer(buyer_id=order.buyer_id)
    locked = Order.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=order.pk)
    if locked.state != OrderState.QUARANTINED:
        raise MismatchDecided
    return locked
