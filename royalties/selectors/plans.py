"""The fee plans a contributor may choose, and what each would have cost on their own latest sales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from common.money import Money, apply_bps
from common.templatetags.money import money
from publishing.models import Work
from royalties.models import FeePlan, PlanMembership, PlanPrice, RoyaltyTerms, SaleRecord, SaleState

LOOKED_BACK = timedelta(days=90)
_MONTHS = 3
_WHOLE_BPS = 10_000

type _Nets = Mapping[str, Sequence[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What one plan would have cost in one currency in the last 90 days."""

    commission: Money
    fees: Money
    total: Money
    is_least: bool


@dataclass(frozen=True, slots=True)
class CheapestRange:
    """The range of monthly sales, without tax, in which a plan costs least: from `start` to less than `end`."""

    start: Money
    end: Money | None


@dataclass(frozen=True, slots=True)
class DearerBy:
    """How much more the current plan cost in the last 90 days than the cheapest one would have."""

    plan: FeePlan
    difference: Money


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """One plan as shown: its share of sales and its fees in the requested currency, and its cost so far."""

    plan: FeePlan
    commission_bps: int
    monthly: Money
    cheapest: CheapestRange | None
    is_current: bool
    is_next: bool
    costs: Sequence[PlanCost]

    @property
    def cheapest_note(self) -> str:
        """At which monthly sales the plan costs least, in a sentence."""
        if self.cheapest is None:
            return _("The other plans cost less at any level of sales.")
        start, end = money(self.cheapest.start), money(self.cheapest.end) if self.cheapest.end else ""
        if not end:
            text = _("Cheapest with sales of %(start)s a month or more.")
        elif self.cheapest.start:
            text = _("Cheapest with sales of %(start)s a month or more, up to %(end)s.")
        else:
            text = _("Cheapest with sales of less than %(end)s a month.")
        return text % {"start": start, "end": end}


@dataclass(frozen=True, slots=True)
class Lately:
    """How often one work sold in the last 90 days under one tax rate, and what it brought."""

    tax_rate_bps: int
    sales: int
    royalty_minor: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    offers: Sequence[PlanOffer]
    current: PlanMembership | None
    following: PlanMembership | None
    dearer: Sequence[DearerBy]
    sales: int


def plan_page(*, user: User, currency: str, at: datetime) -> PlanPage:
    """Return every offered plan with what it would have cost; a fixed number of queries."""
    memberships = list(PlanMembership.objects.filter(user=user).select_related("plan"))
    current = next((m for m in memberships if m.starts_at <= at and (m.ends_at is None or m.ends_at > at)), None)
    following = next((m for m in memberships if m.starts_at > at), None)
    plans = list(FeePlan.objects.filter(is_offered=True))
    prices = PlanPrice.objects.in_force(at=at)
    rates = _rates(at)
    nets = _net_prices(user, at)
    totals = {plan.pk: {code: _cost(plan, code, nets[code], prices, rates) for code in nets} for plan in plans}
    least = {code: min((costs[code][2] for costs in totals.values()), default=0) for code in nets}
    cheapest = cheapest_ranges(plans, currency, prices, rates)
    offers = [
        PlanOffer(
            plan=plan,
            commission_bps=rates.get((plan.pk, currency), 0),
            monthly=Money(_price(prices, plan, currency, "monthly_minor"), currency),
            cheapest=cheapest.get(plan.pk),
            is_current=plan.pk == current.plan_id if current else plan.position == 0,
            is_next=following is not None and plan.pk == following.plan_id,
            costs=[_shown(code, *cost, least[code]) for code, cost in totals[plan.pk].items()],
        )
        for plan in plans
    ]
    return PlanPage(
        offers=offers,
        current=current,
        following=following,
        dearer=list(_dearer(offers)),
        sales=sum(n for pairs in nets.values() for _net, n in pairs),
    )


def cheapest_ranges(
    plans: Sequence[FeePlan],
    currency: str,
    prices: Mapping[tuple[int, str], PlanPrice],
    rates: Mapping[tuple[int | None, str], int],
) -> dict[int, CheapestRange]:
    """Return the monthly sales at which each plan is the cheapest, to the cent, by the plan's key.

    Plans that are never the cheapest are left out. At the sum where two plans cost the same, the one with the smaller
    share begins.
    """
    fees = {plan.pk: _price(prices, plan, currency, "monthly_minor") for plan in plans}
    shares = {plan.pk: _rate(rates, plan, currency) for plan in plans}
    chosen = min(fees, key=lambda key: (fees[key], shares[key]), default=None)
    ranges: dict[int, CheapestRange] = {}
    start = Money(0, currency)
    while chosen is not None:
        meets = {
            key: -(-(fees[key] - fees[chosen]) * _WHOLE_BPS // (shares[chosen] - shares[key]))
            for key in fees
            if shares[key] < shares[chosen]
        }
        following = min(meets, key=lambda key: (meets[key], shares[key]), default=None)
        end = None if following is None else Money(meets[following], currency)
        ranges[chosen] = CheapestRange(start, end)
        chosen, start = following, end or start
    return ranges


def offered() -> Sequence[FeePlan]:
    """Return the plans that can be chosen, in their order."""
    return list(FeePlan.objects.filter(is_offered=True))


def plan_of(user: User, at: datetime) -> FeePlan | None:
    """Return the plan the person is on; None for people who have chosen none."""
    membership = PlanMembership.objects.in_force(at).filter(user=user).select_related("plan").first()
    return membership.plan if membership else None


def fees_looked_back(plan: FeePlan, currency: str, at: datetime) -> Money:
    """Return the plan's monthly fees over the last 90 days."""
    return Money(_MONTHS * _price(PlanPrice.objects.in_force(at=at), plan, currency, "monthly_minor"), currency)


def sold_lately(work: Work, currency: str, at: datetime) -> list[Lately]:
    """Return recent sales of the work that were not returned in full, by tax rate, most sold first."""
    rows = (
        _paid_lately(at)
        .filter(work=work, currency=currency)
        .values_list("tax_rate_bps")
        .annotate(n=Count("pk"), royalty=Sum("royalty_minor"))
        .order_by("-n", "tax_rate_bps")
    )
    return [Lately(*row) for row in rows]


def _paid_lately(at: datetime) -> QuerySet[SaleRecord]:
    sales = SaleRecord.objects.filter(sold_at__gt=at - LOOKED_BACK, sold_at__lte=at, paid_minor__gt=0)
    return sales.exclude(state=SaleState.REFUNDED).order_by()


def _rates(at: datetime) -> dict[tuple[int | None, str], int]:
    rows = RoyaltyTerms.objects.filter(effective_at__lte=at).order_by("effective_at", "id")
    return {(row.plan_id, row.currency): row.platform_fee_bps for row in rows}


def _net_prices(user: User, at: datetime) -> _Nets:
    """Return by currency each price without tax recently paid for the person's works, and how often."""
    rows = (
        _paid_lately(at)
        .filter(work__owner=user)
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
    rate = _rate(rates, plan, currency)
    commission = sum(apply_bps(net, rate) * count for net, count in nets)
    fees = _MONTHS * _price(prices, plan, currency, "monthly_minor")
    return commission, fees, commission + fees


def _rate(rates: Mapping[tuple[int | None, str], int], plan: FeePlan, currency: str) -> int:
    return rates.get((plan.pk, currency), rates.get((None, currency), 0))


def _dearer(offers: Sequence[PlanOffer]) -> Iterator[DearerBy]:
    """Yield where another plan would have cost less than the current one, by currency of the sales."""
    own = next((offer for offer in offers if offer.is_current), None)
    for index, cost in enumerate(own.costs if own else ()):
        best = next(offer for offer in offers if offer.costs[index].is_least)
        if not cost.is_least:
            yield DearerBy(best.plan, cost.total - best.costs[index].total)


def _price(prices: Mapping[tuple[int, str], PlanPrice], plan: FeePlan, currency: str, name: str) -> int:
    price = prices.get((plan.pk, currency))
    return int(getattr(price, name)) if price is not None else 0


def _shown(currency: str, commission: int, fees: int, total: int, least: int) -> PlanCost:
    return PlanCost(Money(commission, currency), Money(fees, currency), Money(total, currency), total == least)
