"""Handlers for the provider's events about milestones: fetch the current state, call one service.

Checkout has handlers for the same events; each raises NotYetKnown for what it did not open.
"""

from __future__ import annotations

from hiring.funding import services
from hiring.funding.models import MilestonePayment, MilestoneRefund
from payments.registry import NotYetKnown, ProviderNotice, handles


@handles("checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.expired")
def session_changed(notice: ProviderNotice) -> None:
    """Handle a payment page that was paid or closed."""
    services.settle_session(session_id=notice.object_id, reference=notice.reference)


@handles("checkout.session.async_payment_failed")
def session_failed(notice: ProviderNotice) -> None:
    """Handle an asynchronous payment that failed."""
    services.settle_session(session_id=notice.object_id, reference=notice.reference, has_failed=True)


@handles("refund.created", "refund.updated", "refund.failed")
def refund_changed(notice: ProviderNotice) -> None:
    """Handle a refund of ours that was decided, or one made in the provider's dashboard."""
    known = MilestoneRefund.objects.filter(provider_refund_id=notice.object_id).first()
    if known is None and notice.reference:
        known = MilestoneRefund.objects.filter(public_id=notice.reference).first()
    if known is not None:
        services.send_refund(refund_id=known.pk)
        if notice.event_type == "refund.failed":
            services.note_late_failure(refund_id=known.pk)
        return
    paid = str(notice.data.get("payment_intent", ""))
    payment = MilestonePayment.objects.filter(provider_payment_id=paid).first() if paid else None
    if payment is None:
        raise NotYetKnown(notice.object_id)
    services.adopt_foreign_refund(payment=payment, provider_refund_id=notice.object_id)


@handles(
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
def dispute_changed(notice: ProviderNotice) -> None:
    """Handle a dispute that was opened, changed or decided."""
    services.sync_dispute(dispute_id=notice.object_id)


@handles("radar.early_fraud_warning.created", "radar.early_fraud_warning.updated")
def fraud_warned(notice: ProviderNotice) -> None:
    """Handle a card network's fraud warning."""
    services.note_warning(warning_id=notice.object_id, is_new=notice.event_type.endswith(".created"))
