"""The fee plans a contributor may choose, and what each would have cost on their own latest sales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F

from accounts.models import User
from common.money import Money, apply_bps
from royalties.models import FeePlan, PlanMembership, PlanPrice, RoyaltyTerms, SaleRecord, SaleState

LOOKED_BACK = timedelta(days=90)
_MONTHS = 3

type _Nets = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What one plan would have cost in one currency over the time looked back."""

    commission: Money
    fees: Money
    total: Money
    is_least: bool


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """One plan as shown: its share of sales and its fees in the currency asked for, and its cost so far."""

    plan: FeePlan
    commission_bps: int
    monthly: Money
    insight: Money
    is_current: bool
    is_next: bool
    costs: Sequence[PlanCost]


@dataclass(frozen=True, slots=True)
class PlanPage:
    offers: Sequence[PlanOffer]
    current: PlanMembership | None
    following: PlanMembership | None
    sales: int


def plan_page(*, user: User, currency: str, at: datetime) -> PlanPage:
    """Every offered plan with what it would have cost; a fixed number of queries."""
    memberships = list(PlanMembership.objects.filter(user=user).select_related("plan"))
    current = next((m for m in memberships if m.starts_at <= at and (m.ends_at is None or m.ends_at > at)), None)
    following = next((m for m in memberships if m.starts_at > at), None)
    plans = list(FeePlan.objects.filter(is_offered=True))
    prices = PlanPrice.objects.in_force(at=at)
    rates = _rates(at)
    nets = _net_prices(user, at)
    totals = {plan.pk: {code: _cost(plan, code, nets[code], prices, rates) for code in nets} for plan in plans}
    least = {code: min((costs[code][2] for costs in totals.values()), default=0) for code in nets}
    return PlanPage(
        offers=[
            PlanOffer(
                plan=plan,
                commission_bps=rates.get((plan.pk, currency), 0),
                monthly=Money(_price(prices, plan, currency, "monthly_minor"), currency),
                insight=Money(_price(prices, plan, currency, "insight_minor"), currency),
                is_current=plan.pk == current.plan_id if current else plan.position == 0,
                is_next=following is not None and plan.pk == following.plan_id,
                costs=[_shown(code, *cost, least[code]) for code, cost in totals[plan.pk].items()],
            )
            for plan in plans
        ],
        current=current,
        following=following,
        sales=sum(n for pairs in nets.values() for _, n in pairs),
    )


def _rates(at: datetime) -> dict[tuple[int | None, str], int]:
    rows = RoyaltyTerms.objects.filter(effective_at__lte=at).order_by("effective_at", "id")
    return {(row.plan_id, row.currency): row.platform_fee_bps for row in rows}


def _net_prices(user: User, at: datetime) -> _Nets:
    """By currency: each price without tax that was paid for the person's works lately, and how often."""
    sales = SaleRecord.objects.filter(work__owner=user, sold_at__gt=at - LOOKED_BACK, sold_at__lte=at, paid_minor__gt=0)
    rows = (
        sales.exclude(state=SaleState.REFUNDED)
        .order_by()
        .annotate(net=F("paid_minor") - F("tax_minor"))
        .values_list("currency", "net")
        .annotate(n=Count("pk"))
        .order_by("currency", "net")
    )
    nets: dict[str, list[tuple[int, int]]] = {}
    for currency, net, count in rows:
        nets.setdefault(currency, []).append((net, count))
    return nets


def _cost(
    plan: FeePlan,
    currency: str,
    nets: Sequence[tuple[int, int]],
    prices: Mapping[tuple[int, str], PlanPrice],
    rates: Mapping[tuple[int | None, str], int],
) -> tuple[int, int, int]:
    rate = rates.get((plan.pk, currency), rates.get((None, currency), 0))
    commission = sum(apply_bps(net, rate) * count for net, count in nets)
    fees = _MONTHS * _price(prices, plan, currency, "monthly_minor")
    return commission, fees, commission + fees


def _price(prices: Mapping[tuple[int, str], PlanPrice], plan: FeePlan, currency: str, name: str) -> int:
    price = prices.get((plan.pk, currency))
    return int(getattr(price, name)) if price is not None else 0


def _shown(currency: str, commission: int, fees: int, total: int, least: int) -> PlanCost:
    return PlanCost(Money(commission, currency), Money(fees, currency), Money(total, currency), total == least)
