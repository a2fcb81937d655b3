"""Money: integer minor units with a currency; rates in basis points; one rounding rule.

No float touches an amount. A rate is applied with half-up rounding away from zero (`apply_bps`); a whole is divided
with `allocate`, whose parts always add up to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import get_global
from babel.numbers import format_currency

BPS = 10_000


def exponent(currency: str) -> int:
    """Return the decimal places of the currency's minor unit (ISO 4217 by CLDR): 2 for USD, 0 for JPY, 3 for KWD."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in whole minor units of its currency."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise TypeError(f"amount_minor must be an int, not {type(self.amount_minor).__name__}")

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same(other).amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same(other).amount_minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other

    @property
    def decimal(self) -> Decimal:
        """Return the exact amount in major units."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

    def format(self, locale: str = "en") -> str:
        """Format the amount for the locale: "$4.99"."""
        return _formatted(self.amount_minor, self.currency, locale)

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"


@lru_cache(maxsize=4096)  # Babel takes as long for one amount as a short query takes
def _formatted(amount_minor: int, currency: str, locale: str) -> str:
    return format_currency(Money(amount_minor, currency).decimal, currency, locale=locale.replace("-", "_"))


def divide_half_up(numerator: int, denominator: int) -> int:
    """Return numerator / denominator to the nearest integer; exact halves away from zero. denominator > 0."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def apply_bps(amount_minor: int, rate_bps: int) -> int:
    """Return the amount times the rate, in minor units, rounded half up."""
    return divide_half_up(amount_minor * rate_bps, BPS)


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Divide a whole into parts proportional to `weights`, in their order; the parts add up to the whole.

    Largest remainder; ties go to the earlier part. Sign-symmetric: allocate(-n) == [-p for p in allocate(n)]. Weights
    are integers >= 0. Raises ValueError if they are negative, or all zero and the total is not.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    whole = sum(weights)
    if whole == 0:
        if total_minor == 0:
            return [0] * len(weights)
        raise ValueError("weights must not all be zero")
    sign = -1 if total_minor < 0 else 1
    size = abs(total_minor)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
