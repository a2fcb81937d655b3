"""Settlement: applies the provider's state of a payment to the order.

The session is fetched first, outside any transaction; then buyer, order and payment are locked, in this order, checked
again and changed in one transaction together with the entitlements and the ledger. Safe to repeat, in any order, from
the webhook, the buyer's own page and the retry task.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from accounts import services as account_services
from common import clock, jobs
from common.money import Money
from common.seller import seller
from payments import services as payment_services
from payments.event_time import happened_at
from payments.gateway import CheckoutSession, PaymentDetails
from payments.registry import NotYetKnown
from royalties.entries import Deferral
from royalties.models import ProviderKind
from royalties.services import deferrals as royalty_deferrals
from royalties.services import duplicate_payments, provider_references, sales
from storefront.checkout import hooks, permissions
from storefront.checkout.coupons import services as coupons
from storefront.checkout.entitlements.services import deferred_lines, sale_input, sales_counts
from storefront.checkout.entitlements.services.buyer_lock import lock_buyer
from storefront.checkout.gifts.services import gifts
from storefront.checkout.models import (
    ARRIVED,
    Cart,
    CartLine,
    Entitlement,
    Gift,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    Preorder,
)
from storefront.checkout.orders.services import buyer_traces, cancellation
from storefront.checkout.refunds import services as refunds
from storefront.checkout.refunds.services.refund_window import end_of_window
from storefront.checkout.saved_cards import services as saved_cards
from storefront.checkout.tax import checkout_tax as taxes
from storefront.checkout.tax import evidence as tax_evidence

logger = structlog.stdlib.get_logger(__name__)

_PAID, _COMPLETE = "paid", "complete"


def settle_session(*, session_id: str, reference: str = "", has_failed: bool = False) -> Order:
    """Bring our order in line with the provider's session and return it.

    `reference` is the order's public id if the notice carried it, `has_failed` says that an asynchronous payment
    failed. Raises NotYetKnown for a session we did not open, GatewayUnknown, GatewayRefused.
    """
    payment = _payment_of(session_id, reference)
    gateway = payment_services.gateway()
    session = gateway.fetch_checkout(session_id=session_id)
    details = gateway.fetch_payment(payment_id=session.payment_id) if session.payment_id else None
    with transaction.atomic():
        return _settle(payment.pk, session, details, has_failed=has_failed)


def record_processor_fee(*, payment_id: int) -> None:
    """Book the provider's actual fee for a payment once it is known. Safe to repeat."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.processor_fee_minor is None and payment.provider_payment_id:
        details = payment_services.gateway().fetch_payment(payment_id=payment.provider_payment_id)
        with transaction.atomic():
            locked = Payment.objects.select_for_update().select_related("order").get(pk=payment.pk)
            _book_fee(locked, details)


def complete(*, order: Order, at: datetime, paid_at: datetime | None = None) -> None:
    """Complete a locked order: books to the reader, sales to the ledger, receipt after commit.

    `paid_at` is when the provider took the money, which we may learn later. The reader gets the books `at` this moment,
    and their refund window starts then.
    """
    paid_at = paid_at or at
    order.state, order.paid_at, order.refundable_until = OrderState.PAID, paid_at, end_of_window(at)
    order.seller = seller()
    order.save(update_fields=["state", "paid_at", "refundable_until", "seller"])
    lines = list(order.lines.select_related("edition").order_by("pk"))
    now = [line for line in lines if not line.deferral]
    granted = Entitlement.objects.bulk_create(
        Entitlement(
            user_id=order.buyer_id, work_id=line.edition.work_id, edition=line.edition, line=line, granted_at=at
        )
        for line in now
    )
    royalty_deferrals.record_order(
        sales=[sale_input.sale_of(order, line) for line in now],
        payments=[deferred_lines.payment_of(order, line) for line in lines if line.deferral],
        at=paid_at,
    )
    _empty_cart(order, lines)
    sales_counts.count(buyer_id=order.buyer_id, entitlements=granted)
    hooks.announce_bought([entitlement.pk for entitlement in granted])
    _begin_waiting(order)
    jobs.enqueue("checkout.mail_receipt", order_id=order.pk)


def _empty_cart(order: Order, lines: list[OrderLine]) -> None:
    """Remove from the reader's cart the coupon that was used and the works that were bought, in any edition."""
    Cart.objects.filter(user=order.buyer_id, coupon__redemptions__order=order).update(coupon=None)
    bought = [line.edition.work_id for line in lines if line.deferral != Deferral.GIFT]
    matching = (
        Q(gift_to="", edition__work__in=bought)
        | Q(bundle__in=[line.bundle_id for line in lines if line.bundle_id])
        | Q(series__in=[line.series_id for line in lines if line.series_id])
    )
    mailed = Gift.objects.filter(line__order=order, copy_number=None)
    for work, recipient in mailed.values_list("line__edition__work", "recipient"):
        matching |= Q(gift_to=recipient, edition__work=work)
    CartLine.objects.filter(matching, cart__user=order.buyer_id).delete()


def _begin_waiting(order: Order) -> None:
    """Activate gifts, and check pre-orders at once for works that came out or were withdrawn meanwhile."""
    for gift in Gift.objects.filter(line__order=order).order_by("pk"):
        gifts.activate(gift)
        if gift.deliver_on is None and not gift.is_copy:
            jobs.enqueue("checkout.mail_gift", gift_id=gift.pk)
    for preorder_id in Preorder.objects.filter(line__order=order).order_by("pk").values_list("pk", flat=True):
        jobs.enqueue("checkout.supply_preorder", preorder_id=preorder_id)


def _payment_of(session_id: str, reference: str) -> Payment:
    """Return the payment of a session, even if the session's id was lost with the provider's answer."""
    payment = Payment.objects.filter(session_id=session_id).first()
    if payment is None and reference:
        unsaid = Payment.objects.filter(order__public_id=reference, session_id="").order_by("-pk").first()
        if unsaid is not None and Payment.objects.filter(pk=unsaid.pk, session_id="").update(session_id=session_id):
            payment = unsaid
    if payment is None:
        raise NotYetKnown(session_id)
    return payment


def _settle(payment_id: int, session: CheckoutSession, details: PaymentDetails | None, *, has_failed: bool) -> Order:
    order, payment = _lock(payment_id)
    if payment.state in {*ARRIVED, PaymentState.REFUNDED}:
        return order
    if session.status == _COMPLETE:
        saved_cards.note_customer(buyer=order.buyer, customer_id=session.customer_id, at=clock.database_now())
    if session.payment_status == _PAID and details is not None and details.succeeded:
        _take_money(order, payment, session, details)
    elif session.status == "expired" or has_failed:
        payment.state = PaymentState.FAILED if has_failed else PaymentState.EXPIRED
        payment.save(update_fields=["state"])
        _cancel_when_nothing_waits(order)
    elif session.status == _COMPLETE:
        coupons.keep(order=order)
    return order


def _lock(payment_id: int) -> tuple[Order, Payment]:
    """Lock buyer, order and payment.

    The buyer's lock keeps two orders of one person from granting the same work at once.
    """
    found = Payment.objects.select_related("order").get(pk=payment_id)
    lock_buyer(buyer_id=found.order.buyer_id)
    order = Order.objects.select_for_update().get(pk=found.order_id)
    return order, Payment.objects.select_for_update().get(pk=payment_id)


def _take_money(order: Order, payment: Payment, session: CheckoutSession, details: PaymentDetails) -> None:
    """Apply an arrived payment: it buys this order, is refunded, or waits for finance to decide."""
    payment.state, payment.provider_payment_id = PaymentState.SUCCEEDED, session.payment_id
    payment.save(update_fields=["state", "provider_payment_id"])
    _keep_evidence(order, session)
    buyer_traces.record_card(order=order, fingerprint=details.card_fingerprint, at=clock.database_now())
    for kind, object_id in ((ProviderKind.PAYMENT, details.payment_id), (ProviderKind.CHARGE, details.charge_id)):
        if object_id:
            provider_references.note(reference=order.public_id, kind=kind, object_id=object_id)
    at, paid_at = clock.database_now(), when_paid(order, details)
    if not taxes.is_as_quoted(order, session, details):
        _quarantine(order, payment, details.amount)
    elif order.state == OrderState.PAID or owns_any(order):
        _give_back(order, payment, details, reason="duplicate", at=at)
    elif order.state == OrderState.QUARANTINED:
        pass  # finance decides
    elif order.buyer.is_erased:  # erased while the provider was silent: nobody is left to read the books
        _give_back(order, payment, details, reason="account_closed", at=at)
    elif not taxes.is_sold_where_taxed(order, session):
        _give_back(order, payment, details, reason="not_sold_there", at=at)
    elif not coupons.consume(order=order, at=at):
        _give_back(order, payment, details, reason="coupon_used", at=at)
    else:
        taxes.adopt(order, session)
        complete(order=order, at=at, paid_at=paid_at)
    payment.order = order
    _book_fee(payment, details)


def _quarantine(order: Order, payment: Payment, amount: Money) -> None:
    """Quarantine the order because the payment is not what was quoted: nothing is granted or booked until finance
    decides."""
    if order.state == OrderState.PAID:
        payment.state = PaymentState.UNMATCHED
        payment.save(update_fields=["state"])
    elif order.state != OrderState.QUARANTINED:
        order.state = OrderState.QUARANTINED
        order.save(update_fields=["state"])
        jobs.enqueue("checkout.mail_quarantine", order_id=order.pk)
    facts: dict[str, str | int] = {"paid": str(amount), "quoted": str(Money(order.total_minor, order.currency))}
    account_services.record_audit(actor=None, verb="order.quarantined", subject=order, facts=facts)
    logger.error("order.quarantined", order=order.public_id)


def _give_back(order: Order, payment: Payment, details: PaymentDetails, *, reason: str, at: datetime) -> None:
    """Refund all of a payment for what the reader already has, or cannot have this way."""
    cancellation.cancel_order(order)
    duplicate_payments.record_payment(
        payment=payment.public_id,
        order_reference=order.public_id,
        amount=details.amount,
        at=when_paid(order, details),
    )
    account_services.record_audit(actor=None, verb="payment.needless", subject=payment)
    refunds.refund_unneeded(payment=payment, amount=details.amount, reason=reason, at=at)


def owns_any(order: Order) -> bool:
    """Return whether the buyer already has, or has pre-ordered, anything in the order that is for themselves."""
    mine = order.lines.exclude(deferral=Deferral.GIFT)
    works = list(mine.values_list("edition__work_id", flat=True))
    if Entitlement.objects.filter(user=order.buyer_id, work__in=works, ended_at=None).exists():
        return True
    return bool(permissions.preordered_works(order.buyer, works))


def _keep_evidence(order: Order, session: CheckoutSession) -> None:
    """Store the evidence of the place of supply: what was declared, and what card and address say."""
    seen = order.tax_evidence
    seen = replace(seen, billing=session.billing_country or seen.billing, card=session.card_country or seen.card)
    order.tax_evidence = replace(seen, verdict=tax_evidence.verdict(seen, order.tax_country).value)
    order.save(update_fields=["tax_evidence"])


def _cancel_when_nothing_waits(order: Order) -> None:
    if not order.payments.filter(state=PaymentState.PENDING).exists():
        cancellation.cancel_order(order)


def _book_fee(payment: Payment, details: PaymentDetails) -> None:
    """Book the fee once its balance transaction is known; until then the retry task asks again.

    Both the fee and the amount that arrived may be in another currency than the order's: that of our balance.
    """
    if details.processor_fee is None or payment.processor_fee_minor is not None:
        return
    payment.processor_fee_minor = details.processor_fee.amount_minor
    payment.processor_fee_currency = details.processor_fee.currency
    payment.save(update_fields=["processor_fee_minor", "processor_fee_currency"])
    order = payment.order
    sales.record_processor_fee(
        order_reference=order.public_id,
        fee=details.processor_fee,
        external_id=details.charge_id,
        at=happened_at(details.fee_at, earliest=when_paid(order, details), about=details.charge_id),
    )
    # Only a booked payment can have been converted: a quarantined one is not booked.
    bought = order.state == OrderState.PAID and payment.state != PaymentState.UNMATCHED
    if bought or payment.refunds.filter(line=None).exists():
        book_arrival(order, details)


def book_arrival(order: Order, details: PaymentDetails) -> None:
    """Book the converted amount of a booked payment if it is in another currency. Repeating it has no effect."""
    if details.settled is not None:
        sales.record_conversion(
            reference=order.public_id,
            external_id=details.charge_id,
            booked=details.amount,
            settled=details.settled,
            at=when_paid(order, details),
        )


def when_paid(order: Order, details: PaymentDetails) -> datetime:
    """Return when the provider took the money of an order's payment."""
    return happened_at(details.paid_at, earliest=order.created_at, about=details.charge_id or details.payment_id)
