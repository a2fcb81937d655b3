"""Celery tasks of funding: sending refunds and evidence, fetching what is due, and retrying both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.db.models import QuerySet

from common import clock, jobs
from hiring.funding import services
from hiring.funding.models import (
    ARRIVED,
    MilestoneEvidence,
    MilestonePayment,
    MilestoneRefund,
    PaymentState,
    RefundState,
)
from hiring.funding.services import refunds
from storefront.checkout.models import EvidenceState

# Gives the regular message a head start.
_HEAD_START = timedelta(minutes=1)
_A_DAY = timedelta(days=1)
_BATCH = 100


@shared_task(name="funding.send_refund", soft_time_limit=60, time_limit=90)
def send_refund(refund_id: int) -> None:
    """Request one refund from the provider."""
    services.send_refund(refund_id=refund_id)


@shared_task(name="funding.send_evidence", soft_time_limit=90, time_limit=120)
def send_evidence(pack_id: int) -> None:
    """Send one response to a bank's dispute."""
    services.send_pack(pack_id=pack_id)


@shared_task(name="funding.sync_dispute", soft_time_limit=60, time_limit=90)
def sync_dispute(dispute_id: str) -> None:
    """Fetch the state of one dispute from the provider."""
    services.sync_dispute(dispute_id=dispute_id)


@shared_task(name="funding.settle_payment", soft_time_limit=60, time_limit=90)
def settle_payment(payment_id: int) -> None:
    """Fetch the state of one payment; close one whose page was never opened."""
    payment = MilestonePayment.objects.get(pk=payment_id)
    if payment.state in ARRIVED:
        services.record_processor_fee(payment_id=payment_id)
    elif payment.session_id:
        services.settle_session(session_id=payment.session_id)
    else:
        unopened = MilestonePayment.objects.filter(pk=payment_id, state=PaymentState.PENDING, session_id="")
        unopened.update(state=PaymentState.EXPIRED)


@shared_task(name="funding.retry_stuck", soft_time_limit=60, time_limit=90)
def retry_stuck() -> None:
    """Enqueue again what a lost message or a silent provider left behind."""
    at = clock.database_now()
    closed = MilestonePayment.objects.filter(state=PaymentState.PENDING, expires_at__lte=at)
    fees = MilestonePayment.objects.filter(
        state__in=ARRIVED, processor_fee_minor=None, created_at__lte=at - _HEAD_START
    )
    for payment_id in [*_ids(closed), *_ids(fees)]:
        jobs.enqueue("funding.settle_payment", payment_id=payment_id)
    waiting = MilestoneRefund.objects.filter(state=RefundState.PENDING, requested_at__lte=at - _HEAD_START)
    for refund_id in _ids(waiting):
        jobs.enqueue("funding.send_refund", refund_id=refund_id)
    for refund_id in _ids(MilestoneRefund.objects.filter(state=RefundState.FAILED, finished_at__lte=at - _A_DAY)):
        refunds.retry_failed(refund_id=refund_id, at=at)
    packs = MilestoneEvidence.objects.filter(state=EvidenceState.PENDING, created_at__lte=at - _HEAD_START)
    for pack_id in _ids(packs):
        jobs.enqueue("funding.send_evidence", pack_id=pack_id)
    services.submit_due_evidence(at=at)


def _ids(rows: QuerySet[Any]) -> list[int]:
    """Return the ids in random order: with the oldest first, rows that fail each time would hold up all others."""
    return list(rows.order_by("?").values_list("pk", flat=True)[:_BATCH])
