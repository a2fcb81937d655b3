"""Finds what a lost message, a crash or a silent provider left behind, and enqueues it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from accounts.models import Guest
from common import clock, jobs
from storefront.checkout.coupons import services as coupons
from storefront.checkout.disputes.services import disputes
from storefront.checkout.entitlements.services import access_log
from storefront.checkout.gifts import selectors as gift_selectors
from storefront.checkout.guests.services import guests
from storefront.checkout.models import (
    ARRIVED,
    Dispute,
    EvidencePack,
    EvidenceState,
    GoodwillDay,
    LinkRequest,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Preorder,
    Refund,
    RefundOrigin,
    RefundState,
)
from storefront.checkout.orders.services import buyer_traces, cancellation, settlement
from storefront.checkout.preorders import selectors as preorder_selectors
from storefront.checkout.refunds import services as refunds
from storefront.checkout.saved_cards import selectors as card_selectors

# Gives the regular message a head start.
_HEAD_START = timedelta(minutes=1)
_BATCH = 100


def retry_stuck() -> None:
    """Enqueue again: pending refunds, payments whose page has closed, should close or whose fee is unknown, emails.

    Also what is due by time: gifts on their delivery date, pre-orders whose work came out or moved.
    """
    at = clock.database_now()
    before = at - _HEAD_START
    pending = Payment.objects.filter(state=PaymentState.PENDING, expires_at__lte=at)
    fees = Payment.objects.filter(state__in=ARRIVED, processor_fee_minor=None, created_at__lte=before)
    for payment_id in [*_ids(pending), *_ids(fees)]:
        jobs.enqueue("checkout.settle_payment", payment_id=payment_id)
    unwanted = Payment.objects.filter(state=PaymentState.PENDING, order__state=OrderState.CANCELED, expires_at__gt=at)
    for payment_id in _ids(unwanted.exclude(session_id="")):
        jobs.enqueue("checkout.close_page", payment_id=payment_id)
    for refund_id in _ids(Refund.objects.filter(state=RefundState.PENDING, requested_at__lte=before)):
        jobs.enqueue("checkout.send_refund", refund_id=refund_id)
    refunds.retry_unneeded_daily(at=at)
    for card_id in _ids(card_selectors.to_settle()):
        jobs.enqueue("checkout.settle_card", card_id=card_id)
    for order_id in _ids(Order.objects.filter(state=OrderState.PAID, receipt_sent_at=None, paid_at__lte=before)):
        jobs.enqueue("checkout.mail_receipt", order_id=order_id)
    for order_id in _ids(Order.objects.filter(state=OrderState.QUARANTINED, quarantine_told_at=None)):
        jobs.enqueue("checkout.mail_quarantine", order_id=order_id)
    for refund_id in _ids(
        Refund.objects.filter(
            models.Q(state=RefundState.SUCCEEDED)
            | models.Q(state__in=[RefundState.DECLINED, RefundState.FAILED], origin=RefundOrigin.READER),
            mailed_at=None,
            finished_at__lte=before,
        )
    ):
        jobs.enqueue("checkout.mail_refund", refund_id=refund_id)
    for pack_id in _ids(EvidencePack.objects.filter(state=EvidenceState.PENDING, created_at__lte=before)):
        jobs.enqueue("checkout.send_evidence", pack_id=pack_id)
    _sweep_office(at)
    coupons.release_lapsed(at=at)
    _forget(at)
    for request_id in _ids(LinkRequest.objects.filter(done_at=None, asked_at__lte=before)):
        jobs.enqueue("checkout.mail_links", request_id=request_id)
    for guest_id in _ids(Guest.objects.filter(claimed_at__lte=before, claim_told_at=None)):
        jobs.enqueue("checkout.mail_claimed", guest_id=guest_id)
    _sweep_deferred(at)


def _forget(at: datetime) -> None:
    access_log.forget_addresses(at=at)
    guests.delete_old_requests(at=at)
    buyer_traces.delete_expired(at=at)


def _sweep_office(at: datetime) -> None:
    before = at - _HEAD_START
    disputes.submit_due_evidence(at=at)
    for day_id in _ids(GoodwillDay.objects.filter(exhausted_at__lte=before, told_at=None)):
        jobs.enqueue("checkout.mail_goodwill", day_id=day_id)
    for dispute_id in _ids(Dispute.objects.filter(decided_at__lte=before, told_at=None)):
        jobs.enqueue("checkout.mail_dispute", dispute_id=dispute_id)
    for gift_id in _ids(gift_selectors.ended_after_opening().filter(line__entitlement__ended_at__lte=before)):
        jobs.enqueue("checkout.mail_gift_ended", gift_id=gift_id)


def _sweep_deferred(at: datetime) -> None:
    for gift_id in _ids(gift_selectors.gifts_to_mail(at=at)):
        jobs.enqueue("checkout.mail_gift", gift_id=gift_id)
    for preorder_id in _ids(preorder_selectors.due()):
        jobs.enqueue("checkout.supply_preorder", preorder_id=preorder_id)
    for preorder_id in _ids(preorder_selectors.to_notify()):
        jobs.enqueue("checkout.mail_moved", preorder_id=preorder_id)
    for preorder_id in _ids(preorder_selectors.to_tell_of_delay(day=at.date())):
        jobs.enqueue("checkout.mail_delayed", preorder_id=preorder_id)
    for preorder_id in _ids(Preorder.objects.filter(released_at__isnull=False, mailed_at=None)):
        jobs.enqueue("checkout.mail_release", preorder_id=preorder_id)
    canceled = Preorder.objects.filter(canceled_at__isnull=False, mailed_at=None, line__paid_minor=0)
    for preorder_id in _ids(canceled):
        jobs.enqueue("checkout.mail_called_off", preorder_id=preorder_id)


def settle_payment(*, payment_id: int) -> None:
    """Fetch the state of one payment; cancel one whose page was never opened."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.state in ARRIVED:
        settlement.record_processor_fee(payment_id=payment_id)
    elif payment.session_id:
        settlement.settle_session(session_id=payment.session_id)
    elif payment.state == PaymentState.PENDING:
        _close_unopened(payment)


@transaction.atomic
def _close_unopened(payment: Payment) -> None:
    """Cancel a payment whose page nobody was ever sent to: if the provider made the page, it has expired."""
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    closed = Payment.objects.filter(pk=payment.pk, state=PaymentState.PENDING, session_id="")
    is_closed = closed.update(state=PaymentState.EXPIRED)
    if is_closed and not order.payments.filter(state=PaymentState.PENDING).exists():
        cancellation.cancel_order(order)


def _ids(rows: models.QuerySet[Any]) -> list[int]:
    """Return the ids in random order: with the oldest first, rows that fail each time would hold up all others."""
    return list(rows.order_by("?").values_list("pk", flat=True)[:_BATCH])
