"""What the shop does when the payment provider reports something: fetch the truth, call one service."""

from __future__ import annotations

from payments.registry import NotYetKnown, ProviderNotice, handles
from storefront.models import Payment, Refund
from storefront.services import refunds as refund_services
from storefront.services import settlement


@handles("checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.expired")
def session_changed(notice: ProviderNotice) -> None:
    """A payment page was paid, or closed."""
    settlement.settle_session(session_id=notice.object_id, reference=notice.reference)


@handles("checkout.session.async_payment_failed")
def session_failed(notice: ProviderNotice) -> None:
    """A payment that took its time did not come."""
    settlement.settle_session(session_id=notice.object_id, reference=notice.reference, has_failed=True)


@handles("refund.created", "refund.updated", "refund.failed")
def refund_changed(notice: ProviderNotice) -> None:
    """A refund of ours was decided, or somebody made one in the provider's own pages."""
    refund = Refund.objects.filter(provider_refund_id=notice.object_id).first()
    if refund is None:
        refund = Refund.objects.filter(public_id=notice.reference).first() if notice.reference else None
    if refund is not None:
        refund_services.send_refund(refund_id=refund.pk)
        if notice.event_type == "refund.failed":
            refund_services.note_late_failure(refund_id=refund.pk)
        return
    payment = Payment.objects.filter(provider_payment_id=str(notice.data.get("payment_intent", ""))).first()
    if payment is None:
        raise NotYetKnown(notice.object_id)
    refund_services.note_foreign_refund(payment=payment, provider_refund_id=notice.object_id)
