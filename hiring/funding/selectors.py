"""What others ask about payments of milestones."""

from __future__ import annotations

from django.db.models import QuerySet

from hiring.funding.models import BankDispute, MilestonePayment, MilestoneRefund, PaymentState, RefundState
from storefront.checkout.models import BuyerTrace


def payment_of(reference: str) -> MilestonePayment | None:
    """Return the payment that paid for a milestone, or the newest that waits; None when there is neither."""
    payments = MilestonePayment.objects.filter(reference=reference)
    paid = payments.filter(state=PaymentState.SUCCEEDED).first()
    return paid or payments.filter(state=PaymentState.PENDING).order_by("-pk").first()


def have_paid_with_the_same_card(reference: str, other_id: int) -> bool:
    """Return whether the card that paid for a milestone has also paid for something of another person."""
    cards = MilestonePayment.objects.filter(reference=reference, state=PaymentState.SUCCEEDED).exclude(card_digest="")
    digests = list(cards.values_list("card_digest", flat=True))
    if not digests:
        return False
    milestones = MilestonePayment.objects.filter(payer=other_id, card_digest__in=digests)
    orders = BuyerTrace.objects.filter(order__buyer=other_id, digest__in=digests)
    return milestones.exists() or orders.exists()


def disputes() -> QuerySet[BankDispute]:
    """Return banks' disputes about milestones, newest first."""
    return BankDispute.objects.select_related("payment__payer").order_by("-pk")


def disputes_due() -> QuerySet[BankDispute]:
    """Return disputes that wait for our answer, the most urgent first."""
    return BankDispute.objects.answerable().select_related("payment__payer").order_by("evidence_due_at", "pk")


def returned_by_bank() -> QuerySet[MilestoneRefund]:
    """Return refunds that the client's bank sent back: finance sends them again by bank transfer."""
    rows = MilestoneRefund.objects.filter(state=RefundState.RETURNED)
    return rows.select_related("payment__payer").order_by("pk")
