"""What others ask about payments of milestones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet, Sum

from hiring.funding.models import MilestonePayment, MilestoneRefund, PaymentState, RefundState
from storefront.checkout.models import BuyerTrace

# From the third milestone on that a client cancels within this time, the card fee is theirs.
FREE_CANCELLATIONS = 2
CANCELLATIONS_COUNT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Cancellations:
    """How many of a client's payments went back in full lately, and whether the next one costs them its card fee."""

    count: int

    @property
    def next_bears_fee(self) -> bool:
        return self.count >= FREE_CANCELLATIONS


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


def returned_by_bank() -> QuerySet[MilestoneRefund]:
    """Return refunds that the client's bank sent back: finance sends them again by bank transfer."""
    rows = MilestoneRefund.objects.filter(state=RefundState.RETURNED)
    return rows.select_related("payment__payer").order_by("pk")


def cancellations_of(payer_id: int, *, at: datetime) -> Cancellations:
    """Return how many milestones the client had returned in full within the last 90 days."""
    returned = (
        MilestonePayment.objects.filter(payer=payer_id, state=PaymentState.SUCCEEDED)
        .filter(refunds__state=RefundState.SUCCEEDED, refunds__finished_at__gt=at - CANCELLATIONS_COUNT_FOR)
        .annotate(returned=Sum("refunds__amount_minor"))
        .filter(returned__gte=F("amount_minor"))
    )
    return Cancellations(returned.count())
