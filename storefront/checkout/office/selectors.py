"""Queries for finance staff: refunds waiting for a decision, disputes, warnings, and one order with everything about
it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from common.money import Money
from storefront.checkout import permissions
from storefront.checkout.models import (
    ANSWERABLE,
    CLAIMING_STATES,
    Dispute,
    FraudWarning,
    GoodwillDay,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    Refund,
    RefundState,
)
from storefront.checkout.tax.evidence import Verdict


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One line with the part of its price that no refund claims yet."""

    line: OrderLine
    paid: Money
    left: Money


@dataclass(frozen=True, slots=True)
class OfficeOrder:
    """An order as finance sees it."""

    order: Order
    total: Money
    lines: Sequence[OfficeLine]
    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    disputes: Sequence[Dispute]
    warnings: Sequence[FraudWarning]
    holding: Sequence[Dispute]  # the reader's bank has the money: nothing can be refunded until they are decided

    @property
    def is_refundable(self) -> bool:
        """Return whether finance may refund what is left of its lines."""
        return self.order.state == OrderState.PAID and not self.holding

    @property
    def unmatched(self) -> list[Payment]:
        """Return payments that arrived when it was already paid, and are not what was quoted."""
        return [payment for payment in self.payments if payment.state == PaymentState.UNMATCHED]


def orders_by(*, text: str = "", state: str = "", evidence: str = "", currency: str = "") -> QuerySet[Order]:
    """Return orders, newest first. `text` finds an order, a line, a payment at the provider, or the buyer's email
    address.

    `evidence` is the verdict on the evidence of the reader's country.
    """
    orders = Order.objects.select_related("buyer").order_by("-pk")
    if text:
        orders = orders.filter(
            Q(public_id=text)
            | Q(lines__public_id=text)
            | Q(payments__provider_payment_id=text)
            | Q(payments__session_id=text)
            | Q(buyer__email__iexact=text)
        ).distinct()
    if state:
        orders = orders.filter(state=state)
    if evidence:
        orders = orders.filter(tax_evidence__verdict=evidence)
    return orders.filter(currency=currency) if currency else orders


def contradicting() -> int:
    """Return how many paid orders have evidence that contradicts the country they are taxed in."""
    return Order.objects.filter(paid_at__isnull=False, tax_evidence__verdict=Verdict.CONTRADICTS.value).count()


def waiting_orders() -> QuerySet[Order]:
    """Return orders with a payment that was not what was quoted, newest first: finance decides."""
    unmatched = Payment.objects.filter(state=PaymentState.UNMATCHED).values("order")
    return orders_by().filter(Q(state=OrderState.QUARANTINED) | Q(pk__in=unmatched))


def payment_of(order_id: str, payment_id: str) -> Payment | None:
    payments = Payment.objects.select_related("order")
    return payments.filter(public_id=payment_id, order__public_id=order_id).first()


def office_order(public_id: str) -> OfficeOrder | None:
    """Return one order with everything that happened to its money."""
    order = Order.objects.select_related("buyer").filter(public_id=public_id).first()
    if order is None:
        return None
    refunds = list(Refund.objects.filter(payment__order=order).select_related("line", "requested_by", "decided_by"))
    lines = [_line(line, refunds, order.currency) for line in order.lines.select_related("gift").order_by("pk")]
    return OfficeOrder(
        order=order,
        total=Money(order.total_minor, order.currency),
        lines=lines,
        payments=list(order.payments.order_by("pk")),
        refunds=refunds,
        disputes=list(Dispute.objects.filter(payment__order=order)),
        warnings=list(FraudWarning.objects.filter(payment__order=order)),
        holding=list(permissions.holding_disputes(order)),
    )


def refunds_by(*, state: str = "") -> QuerySet[Refund]:
    """Return refunds, newest first; by state."""
    refunds = Refund.objects.select_related("line", "payment__order__buyer", "requested_by", "decided_by")
    return refunds.filter(state=state) if state else refunds


def refund_of(public_id: str) -> Refund | None:
    return refunds_by().filter(public_id=public_id).first()


def waiting_refunds() -> int:
    """Return how many refunds wait for finance: for a decision, or because a bank returned them."""
    return Refund.objects.filter(state__in=[RefundState.PROPOSED, RefundState.RETURNED]).count()


def is_goodwill_used_up(day: date) -> bool:
    """Return whether a return on that day had to wait because the day's goodwill was used up."""
    return GoodwillDay.objects.filter(day=day, exhausted_at__isnull=False).exists()


def disputes_by(*, status: str = "") -> QuerySet[Dispute]:
    """Return disputes, newest first; by the provider's status."""
    disputes = Dispute.objects.select_related("payment__order__buyer")
    return disputes.filter(status=status) if status else disputes


def disputes_due() -> QuerySet[Dispute]:
    """Return disputes that wait for our response, the most urgent first."""
    return disputes_by().filter(status__in=ANSWERABLE).order_by("evidence_due_at")


def dispute_of(public_id: str) -> Dispute | None:
    return disputes_by().filter(public_id=public_id).first()


def warnings_by() -> QuerySet[FraudWarning]:
    """Return fraud warnings, newest first."""
    return FraudWarning.objects.select_related("payment__order__buyer", "handled_by")


def _line(line: OrderLine, refunds: Sequence[Refund], currency: str) -> OfficeLine:
    claimed = sum(r.amount_minor for r in refunds if r.line_id == line.pk and r.state in CLAIMING_STATES)
    return OfficeLine(line, Money(line.paid_minor, currency), Money(max(line.paid_minor - claimed, 0), currency))
