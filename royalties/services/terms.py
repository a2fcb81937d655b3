"""Which terms are in force, and what a price would bring its author before anything is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common import clock
from common.money import BPS, Money, allocate
from royalties import calc
from royalties.errors import NoTermsInForce, PriceTooLow
from royalties.models import FeePlan, ProcessorFeeSchedule, RoyaltyTerms
from royalties.selectors import sale_terms


@dataclass(frozen=True, slots=True)
class Preview:
    """Where the price of one sale goes: list_price = tax + processor_fee + platform_fee + royalty.

    `shares` are the royalty's parts in the order of the shares asked for. `minimum` is the lowest price that pays.
    """

    list_price: Money
    tax: Money
    processor_fee: Money
    platform_fee: Money
    royalty: Money
    shares: tuple[Money, ...]
    minimum: Money


def in_force(*, currency: str, at: datetime, plan: FeePlan | None = None) -> tuple[RoyaltyTerms, calc.ProcessorFees]:
    """Return the terms of the plan and the processor fees of the currency at the moment. Raises NoTermsInForce.

    A plan without terms in the currency has the terms for people without a plan.
    """
    by_plan = RoyaltyTerms.objects.by_plan(currency=currency, at=at)
    terms = by_plan.get(plan.pk if plan else None) or by_plan.get(None)
    return _found(terms, currency), fees_in_force(currency=currency, at=at)


def of_editions(
    *, editions: Sequence[int], currency: str, at: datetime
) -> tuple[dict[int, RoyaltyTerms], calc.ProcessorFees]:
    """Return the terms of each edition, by its owner's plan, and the processor fees. Raises NoTermsInForce.

    One query, however many editions.
    """
    by_edition, fees = sale_terms.terms_by_edition(editions, currency=currency, at=at)
    default = by_edition.get(None)
    if default is None or fees is None:
        raise NoTermsInForce(currency=currency)
    return {edition: by_edition.get(edition, default) for edition in editions}, fees


def fees_in_force(*, currency: str, at: datetime) -> calc.ProcessorFees:
    """Return the provider's fees as quoted at the moment. Raises NoTermsInForce."""
    fees = ProcessorFeeSchedule.objects.in_force(currency=currency, at=at)
    if fees is None:
        raise NoTermsInForce(currency=currency)
    return fees.as_fees()


def _found(terms: RoyaltyTerms | None, currency: str) -> RoyaltyTerms:
    if terms is None:
        raise NoTermsInForce(currency=currency)
    return terms


def minimum_price(*, currency: str, tax_rate_bps: int = 0, at: datetime | None = None) -> Money:
    """Return the lowest list price, tax included, that leaves a royalty when sold alone. Raises NoTermsInForce."""
    terms, fees = in_force(currency=currency, at=at or clock.now())
    return Money(calc.minimum_price(terms.as_terms(), fees, tax_rate_bps), currency)


def preview(
    *, list_price: Money, tax_rate_bps: int, shares: Sequence[int] = (BPS,), at: datetime | None = None
) -> Preview:
    """Return the breakdown of one sale at this price, alone in its cart. `shares` are basis points or any weights.

    A price of 0 is free and has an empty breakdown. Raises PriceTooLow with the minimum named, NoTermsInForce.
    """
    terms, fees = in_force(currency=list_price.currency, at=at or clock.now())
    return preview_cart(
        list_price=list_price, tax_rate_bps=tax_rate_bps, copies=1, terms=terms, fees=fees, shares=shares
    )[0]


def preview_cart(
    *,
    list_price: Money,
    tax_rate_bps: int,
    copies: int,
    terms: RoyaltyTerms,
    fees: calc.ProcessorFees,
    shares: Sequence[int] = (BPS,),
) -> list[Preview]:
    """Return the breakdown of each of several books of this price in one cart, which share one processor fee.

    Makes no queries. `terms` and `fees` come from `in_force`. The price must pay when sold alone, too. Raises
    PriceTooLow with the minimum named.
    """
    currency = list_price.currency
    minimum = Money(calc.minimum_price(terms.as_terms(), fees, tax_rate_bps), currency)
    price = list_price.amount_minor
    if price < 0 or 0 < price < minimum.amount_minor:
        raise PriceTooLow(minimum=minimum.format())
    line = calc.PricedLine(price, calc.tax_in(price, tax_rate_bps), terms.as_terms(), list_price=price)
    return [
        Preview(
            list_price=list_price,
            tax=Money(parts.tax, currency),
            processor_fee=Money(parts.processor_fee, currency),
            platform_fee=Money(parts.platform_fee, currency),
            royalty=Money(parts.royalty, currency),
            shares=tuple(Money(part, currency) for part in allocate(parts.royalty, shares)),
            minimum=minimum,
        )
        for parts in calc.quote([line] * copies, fees)
    ]
