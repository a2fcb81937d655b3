"""Chips for the states of orders, refunds and disputes."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from storefront.checkout.models import DisputeStatus, RefundState

register = template.Library()

# docs.stripe.com/disputes/categories
_REASONS = {
    "bank_cannot_process": _("Bank cannot process"),
    "check_returned": _("Check returned"),
    "credit_not_processed": _("Credit not processed"),
    "customer_initiated": _("Customer initiated"),
    "debit_not_authorized": _("Debit not authorized"),
    "duplicate": _("Duplicate"),
    "fraudulent": _("Fraudulent"),
    "general": _("General"),
    "incorrect_account_details": _("Incorrect account details"),
    "insufficient_funds": _("Insufficient funds"),
    "noncompliant": _("Noncompliant"),
    "product_not_received": _("Product not received"),
    "product_unacceptable": _("Product unacceptable"),
    "subscription_canceled": _("Subscription canceled"),
    "unrecognized": _("Unrecognized"),
}

_REFUNDS = {
    RefundState.PROPOSED: "caution",
    RefundState.PENDING: "progress",
    RefundState.SUCCEEDED: "success",
    RefundState.FAILED: "danger",
    RefundState.RETURNED: "danger",
}
_DISPUTES = {
    DisputeStatus.NEEDS_RESPONSE: "caution",
    DisputeStatus.WARNING_NEEDS_RESPONSE: "caution",
    DisputeStatus.APPEAL_NEEDS_RESPONSE: "caution",
    DisputeStatus.UNDER_REVIEW: "progress",
    DisputeStatus.WARNING_UNDER_REVIEW: "progress",
    DisputeStatus.APPEAL_UNDER_REVIEW: "progress",
    DisputeStatus.WON: "success",
    DisputeStatus.PREVENTED: "success",
    DisputeStatus.LOST: "danger",
}


@register.inclusion_tag("components/chip.html")
def refund_chip(state: str) -> dict[str, str]:
    """{% refund_chip refund.state %}"""
    found = RefundState(state)
    return {"word": str(found.label), "kind": _REFUNDS.get(found, "")}


@register.inclusion_tag("components/chip.html")
def dispute_chip(status: str) -> dict[str, str]:
    """{% dispute_chip dispute.status %}"""
    found = DisputeStatus(status)
    return {"word": str(found.label), "kind": _DISPUTES.get(found, "")}


@register.filter
def words(name: str) -> str:
    """{{ dispute.reason|words }}: return a readable label for one of the provider's names, such as
    product_not_received."""
    known = _REASONS.get(name)
    return str(known) if known is not None else name.replace("_", " ").capitalize()
