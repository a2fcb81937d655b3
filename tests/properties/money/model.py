"""What the balances must be: sums in plain Python, worked out from prices and from what the provider did.

Shares no code with the shop: fractions instead of whole-number tricks, another way to divide, its own rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from tests.properties.money.template import WORKS

_COSTS = {"dispute fee": "dispute_fee", "bad debt": "bad_debt"}
VAT = {"US": Fraction(0), "DE": Fraction(7, 100), "FR": Fraction(55, 1000)}
QUOTED = {"USD": (Fraction(29, 1000), 30), "EUR": (Fraction(15, 1000), 25)}
PLATFORM = Fraction(8, 100)


def nearest(amount: Fraction) -> int:
    """Half up; amounts here are not negative."""
    return floor(amount + Fraction(1, 2))


def divide(total: int, weights: Sequence[int]) -> list[int]:
    """One minor unit after another to whoever is furthest below their exact part; the first of equals."""
    if not sum(weights):
        return [0] * len(weights)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [floor(part) for part in exact]
    while sum(parts) < total:
        short = [part - whole for part, whole in zip(exact, parts, strict=True)]
        parts[short.index(max(short))] += 1
    return parts


@dataclass
class ModelSale:
    """What is left of one sale: tax, card fee, platform fee, then each author's share."""

    currency: str
    country: str
    authors: tuple[int, ...]
    left: list[int]

    @property
    def paid(self) -> int:
        return sum(self.left)

    def give_back(self, amount: int) -> None:
        parts = divide(amount, self.left)
        self.left = [whole - part for whole, part in zip(self.left, parts, strict=True)]


def cart(works: Sequence[int], currency: str, country: str) -> list[ModelSale]:
    """The lines of one paid order."""
    prices = [WORKS[work][0][currency] for work in works]
    rate, fixed = QUOTED[currency]
    fee = nearest(sum(prices) * rate + fixed) if sum(prices) else 0
    return [
        _line(work, price, share, currency, country)
        for work, price, share in zip(works, prices, divide(fee, prices), strict=True)
    ]


def _line(work: int, price: int, fee: int, currency: str, country: str) -> ModelSale:
    rate = VAT[country]
    tax = nearest(Fraction(price) * rate / (1 + rate))
    platform = nearest((price - tax) * PLATFORM)
    split = WORKS[work][1]
    shares = divide(price - tax - fee - platform, list(split.values()))
    return ModelSale(currency, country, tuple(split), [tax, fee, platform, *shares])


def real_fee(amount: int, currency: str, card_country: str) -> int:
    """What the provider takes: as quoted for a card from where the currency is at home, more for one from abroad."""
    home, abroad = {"USD": ("US", Fraction(44, 1000)), "EUR": ("DE", Fraction(325, 10_000))}[currency]
    rate, fixed = QUOTED[currency]
    return nearest(amount * (rate if card_country == home else abroad)) + fixed


@dataclass(frozen=True)
class Moved:
    """One movement at the provider: a charge, refund, transfer, lost dispute or its fee, with who it was for.

    "bad debt" is what of a lost dispute had been given back before.
    """

    kind: str
    currency: str
    amount: int
    card_country: str = ""
    author: int = -1


def expected(sales: Iterable[ModelSale], moved: Iterable[Moved]) -> Counter[tuple[str, str]]:
    """Balances by account and currency, debit positive; those of an author are one sum, debts taken off."""
    sums: Counter[tuple[str, str]] = Counter()
    for sale in sales:
        tax, fee, platform, *shares = sale.left
        regime = "sales:US" if sale.country == "US" else f"vat:{sale.country}"
        sums[f"tax:{regime}", sale.currency] -= tax
        sums["processor_fee_recovered", sale.currency] -= fee
        sums["platform_fee", sale.currency] -= platform
        for author, share in zip(sale.authors, shares, strict=True):
            sums[f"author:{author}", sale.currency] -= share
    for one in moved:
        if one.kind in _COSTS:
            sums[_COSTS[one.kind], one.currency] += one.amount
        if one.kind == "bad debt":
            continue  # its money left with the dispute
        sign = 1 if one.kind == "charge" else -1
        sums["stripe_balance", one.currency] += sign * one.amount
        if one.kind == "charge":
            fee = real_fee(one.amount, one.currency, one.card_country)
            sums["processor_fee", one.currency] += fee
            sums["stripe_balance", one.currency] -= fee
        if one.kind == "transfer":
            sums[f"author:{one.author}", one.currency] += one.amount
    return Counter({key: amount for key, amount in sums.items() if amount})
