"""Chips for the states of orders, refunds and disputes, and for the evidence of a reader's country."""

from __future__ import annotations

from django import template

from payments.labels import provider_label
from storefront.checkout.models import DisputeStatus, OrderState, RefundState
from storefront.checkout.tax.evidence import Verdict

register = template.Library()

_ORDERS = {OrderState.PAID: "success", OrderState.OPEN: "progress", OrderState.QUARANTINED: "caution"}
_VERDICTS = {Verdict.AGREES: "success", Verdict.CONTRADICTS: "danger", Verdict.INSUFFICIENT: "caution"}
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
def order_chip(state: str) -> dict[str, str]:
    """{% order_chip order.state %}"""
    found = OrderState(state)
    return {"word": str(found.label), "kind": _ORDERS.get(found, "")}


@register.inclusion_tag("components/chip.html")
def evidence_chip(verdict: str) -> dict[str, str]:
    """{% evidence_chip order.tax_evidence.verdict %}; orders that are not paid have no verdict yet."""
    found = Verdict(verdict or Verdict.INSUFFICIENT)
    return {"word": str(found.label), "kind": _VERDICTS[found]}


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
    """{{ dispute.reason|words }}: return the label of one of the provider's names, such as product_not_received."""
    return provider_label(name)
