"""What a payout costs and who bears the cost: pure integer arithmetic in minor units of one currency, no database."""

from __future__ import annotations

from dataclasses import dataclass

from common.money import BPS, apply_bps, divide_half_up


@dataclass(frozen=True, slots=True)
class PayoutPrice:
    """A rail's price list: a fee per payout, a rate, and a fee per account for each month with a payout."""

    per_payout_minor: int
    rate_bps: int
    per_month_minor: int
    free_from_minor: int


@dataclass(frozen=True, slots=True)
class Divided:
    """How a payable amount divides: payable = amount + fee + at most one minor unit.

    `cost` is what the rail takes, `fee` the payee's part of it.
    """

    amount: int
    cost: int
    fee: int


def cost_of(amount: int, price: PayoutPrice, *, is_first_in_month: bool) -> int:
    """Return what the rail takes for a payout of the amount, the rate rounded half up."""
    monthly = price.per_month_minor if is_first_in_month else 0
    return price.per_payout_minor + monthly + apply_bps(amount, price.rate_bps)


def divide(payable: int, price: PayoutPrice, *, is_first_in_month: bool, payee_bears: bool) -> Divided:
    """Return how much of a payable amount arrives; 0 when the cost would take all of it.

    `payee_bears` only matters below the amount from which payouts are free.
    """
    if not payee_bears or payable >= price.free_from_minor:
        return Divided(payable, cost_of(payable, price, is_first_in_month=is_first_in_month), 0)
    fixed = cost_of(0, price, is_first_in_month=is_first_in_month)
    amount = max((payable - fixed) * BPS // (BPS + price.rate_bps), 0)
    # The rate rounds half up, so one more minor unit may still fit.
    while amount + 1 + cost_of(amount + 1, price, is_first_in_month=is_first_in_month) <= payable:
        amount += 1
    cost = cost_of(amount, price, is_first_in_month=is_first_in_month)
    return Divided(amount, cost, cost) if amount and amount + cost <= payable else Divided(0, cost, 0)


def break_even_payout(price: PayoutPrice, *, commission_bps: int) -> int:
    """Return the monthly royalties of an author at which the commission pays for one payout; 0 when never.

    The commission is a share of the price without tax, and the royalty is what the commission leaves. Card fees are
    passed on at cost and make no difference here.
    """
    kept = BPS - commission_bps
    gained = commission_bps * BPS - price.rate_bps * kept
    if gained <= 0:
        return 0
    fixed = price.per_payout_minor + price.per_month_minor
    return -(-fixed * BPS * kept // gained)


def convert(given: int, *, rate_numerator: int, rate_denominator: int, shift: int, spread_bps: int) -> int:
    """Return the amount in the other currency, less the spread, rounded once, half up.

    `shift` is the other currency's decimal places less those of the given currency.
    """
    numerator = given * rate_numerator * (BPS - spread_bps)
    denominator = rate_denominator * BPS
    if shift >= 0:
        return divide_half_up(numerator * int(10**shift), denominator)
    return divide_half_up(numerator, denominator * int(10**-shift))


def break_even_price(price: PayoutPrice, *, commission_bps: int, sales: int) -> int:
    """Return the price without tax at which this many sales a month pay for the author's payout; 0 when never."""
    royalties = break_even_payout(price, commission_bps=commission_bps)
    return -(-royalties * BPS // ((BPS - commission_bps) * sales)) if royalties else 0
