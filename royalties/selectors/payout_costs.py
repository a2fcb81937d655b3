"""What payouts cost, by rail and currency, and who bears the cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from common.money import Money, exponent
from common.periods import Month
from royalties import payout_costs
from royalties.models import Payout, PayoutAccount, PayoutCost, PayoutState, PlanMembership

_NEVER_LEFT = (PayoutState.CANCELED, PayoutState.FAILED)


@dataclass(frozen=True, slots=True)
class Example:
    """A payout of one amount: what its payee bears and what arrives, shown before anybody chooses."""

    payable: Money
    fee: Money
    arrives: Money


@dataclass(frozen=True, slots=True)
class PriceShown:
    """The price of one rail in one currency, for display."""

    currency: str
    per_payout: Money
    rate_bps: int
    per_month: Money
    free_from: Money
    since: datetime
    examples: tuple[Example, ...]


def by_rail(*, currency: str, at: datetime) -> dict[str, payout_costs.PayoutPrice]:
    """Return the prices in force for one currency."""
    rows = PayoutCost.objects.in_force(at=at)
    return {rail: row.as_price() for (rail, of), row in rows.items() if of == currency}


def divided(
    price: payout_costs.PayoutPrice | None, payable: int, *, is_first_in_month: bool, payee_bears: bool
) -> tuple[int, int]:
    """Return what arrives of an amount, and the fee its payee bears; all of it arrives where no price is known."""
    if price is None:
        return payable, 0
    parts = payout_costs.divide(payable, price, is_first_in_month=is_first_in_month, payee_bears=payee_bears)
    return parts.amount, parts.fee


def accounts_paid_in_month(*, at: datetime) -> set[int]:
    """Return accounts that have had a payout this month, so that the monthly part of the price is spent already."""
    month = Month.of(at)
    paid = Payout.objects.filter(proposed_at__gte=month.start, proposed_at__lt=month.end).exclude(state__in=_NEVER_LEFT)
    return set(paid.values_list("account_id", flat=True))


def people_whose_plan_bears_costs(*, at: datetime) -> set[int]:
    """Return the people whose plan leaves the cost of every payout to us."""
    members = PlanMembership.objects.in_force(at).filter(plan__bears_payout_cost=True)
    return set(members.values_list("user_id", flat=True))


def is_below_free(account: PayoutAccount, *, at: datetime) -> bool:
    """Return whether the account's minimum payout is below our free amount, in any currency of its rail."""
    rows = PayoutCost.objects.in_force(at=at)
    return any(
        account.minimum_in(currency) < row.free_from_minor
        for (rail, currency), row in rows.items()
        if rail == account.rail
    )


def prices_shown(*, rail: str, at: datetime) -> list[PriceShown]:
    """Return the rail's price in each currency of the shop, with examples for payouts of 1, 10 and the free amount."""
    rows = PayoutCost.objects.in_force(at=at)
    return [_shown(rows[rail, currency]) for currency in settings.CURRENCIES if (rail, currency) in rows]


def _shown(row: PayoutCost) -> PriceShown:
    unit, price = int(10 ** exponent(row.currency)), row.as_price()
    amounts = sorted({unit, 5 * unit, 10 * unit, row.free_from_minor})
    return PriceShown(
        currency=row.currency,
        per_payout=Money(row.per_payout_minor, row.currency),
        rate_bps=row.rate_bps,
        per_month=Money(row.per_month_minor, row.currency),
        free_from=Money(row.free_from_minor, row.currency),
        since=row.effective_at,
        examples=tuple(_example(amount, price, row.currency) for amount in amounts),
    )


def _example(payable: int, price: payout_costs.PayoutPrice, currency: str) -> Example:
    parts = payout_costs.divide(payable, price, is_first_in_month=True, payee_bears=True)
    return Example(Money(payable, currency), Money(parts.fee, currency), Money(parts.amount, currency))
