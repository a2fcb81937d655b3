"""Value added tax by the reader's country, from a dated table with its sources (data/vat_rates.csv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from common.money import BPS, Money, apply_bps, divide_half_up

_TABLE = Path(__file__).resolve().parent / "data" / "vat_rates.csv"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A country's tax rate. If `is_included`, list prices include the tax; otherwise, it is added on top."""

    country: str
    rate_bps: int
    is_included: bool
    source: str


@dataclass(frozen=True, slots=True)
class TaxedPrice:
    paid: Money
    tax: Money


def rate_for(*, country: str, at: date) -> TaxRate:
    """Return the rate on e-books for readers in the country on that day; a rate of 0 if we collect no tax there."""
    for valid_from, rate in reversed(_rates().get(country, [])):
        if valid_from <= at:
            return rate
    return TaxRate(country, 0, True, "not collected")


def price_with_tax(*, list_price: Money, rate: TaxRate) -> TaxedPrice:
    """Return what the reader pays for a list price and the tax in it, rounded half up to the minor unit."""
    amount, currency = list_price.amount_minor, list_price.currency
    if rate.is_included:
        return TaxedPrice(list_price, tax_inside(paid=list_price, rate=rate))
    tax = Money(apply_bps(amount, rate.rate_bps), currency)
    return TaxedPrice(list_price + tax, tax)


def tax_inside(*, paid: Money, rate: TaxRate) -> Money:
    """Return the tax in a fixed amount, even where tax is usually added on top: for redeemed gifts."""
    return Money(divide_half_up(paid.amount_minor * rate.rate_bps, BPS + rate.rate_bps), paid.currency)


def countries_that_add(*, at: date) -> tuple[str, ...]:
    """Return the countries where tax is customarily added to a list price."""
    return tuple(sorted(country for country in _rates() if not rate_for(country=country, at=at).is_included))


@cache
def _rates() -> dict[str, list[tuple[date, TaxRate]]]:
    """Return the rates by country, oldest first."""
    rates: dict[str, list[tuple[date, TaxRate]]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rate = TaxRate(row["country"], int(row["rate_bps"]), row["is_included"] == "yes", row["source"])
            rates.setdefault(row["country"], []).append((date.fromisoformat(row["valid_from"]), rate))
    for dated in rates.values():
        dated.sort(key=lambda pair: pair[0])
    return rates
