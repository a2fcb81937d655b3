"""Handlers for the payment provider's events (fetch the current state, call one service) and for confirmed email
addresses."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from common import clock
from payments.registry import NotYetKnown, ProviderNotice, handles
from storefront.checkout.disputes.services import disputes as dispute_services
from storefront.checkout.disputes.services import fraud
from storefront.checkout.guests.services import guests
from storefront.checkout.models import Payment, Refund
from storefront.checkout.orders.services import settlement
from storefront.checkout.refunds import services as refund_services


@handles("checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.expired")
def session_changed(notice: ProviderNotice) -> None:
    """Handle a payment page that was paid or closed."""
    settlement.settle_session(session_id=notice.object_id, reference=notice.reference)


@handles("checkout.session.async_payment_failed")
def session_failed(notice: ProviderNotice) -> None:
    """Handle an asynchronous payment that failed."""
    settlement.settle_session(session_id=notice.object_id, reference=notice.reference, has_failed=True)


@handles("refund.created", "refund.updated", "refund.failed")
def refund_changed(notice: ProviderNotice) -> None:
    """Handle a refund of ours that was decided, or one made in the provider's dashboard."""
    known = list(Refund.objects.filter(provider_refund_id=notice.object_id))
    if not known and notice.reference:
        known = list(Refund.objects.filter(public_id=notice.reference))
    for refund in known:
        refund_services.send_refund(refund_id=refund.pk)
        if notice.event_type == "refund.failed":
            refund_services.note_late_failure(refund_id=refund.pk)
    if known:
        return
    payment = Payment.objects.filter(provider_payment_id=str(notice.data.get("payment_intent", ""))).first()
    if payment is None:
        raise NotYetKnown(notice.object_id)
    refund_services.adopt_foreign_refund(payment=payment, provider_refund_id=notice.object_id)


@handles(
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
def dispute_changed(notice: ProviderNotice) -> None:
    """Handle a dispute that was opened, changed or decided."""
    dispute_services.sync_dispute(dispute_id=notice.object_id)


@handles("radar.early_fraud_warning.created", "radar.early_fraud_warning.updated")
def fraud_warned(notice: ProviderNotice) -> None:
    """Handle a card network's fraud warning."""
    fraud.record_warning(warning_id=notice.object_id)


@receiver(email_confirmed)
def address_confirmed(email_address: EmailAddress, **_kwargs: Any) -> None:
    """Claim what was bought without an account under an address that someone has just confirmed."""
    guests.claim_confirmed(actor=email_address.user, at=clock.now())
