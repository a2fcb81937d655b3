"""The steps that prices of a currency usually have: 4.99, 390 yen."""

from __future__ import annotations

from fractions import Fraction

from common.money import divide_half_up, exponent

# Prices of a currency are multiples of the first number less the second.
_LADDERS = {"JPY": (10, 0)}


def on_ladder(amount_minor: Fraction | int, currency: str, *, least_minor: int = 0) -> int:
    """Return the step that is nearest to the amount and not below the least, in minor units; never free."""
    step, less = _LADDERS.get(currency, (int(10 ** exponent(currency)), 1))
    steps = max(1, _rounded((Fraction(amount_minor) + less) / step))
    while steps * step - less < least_minor:
        steps += 1
    return steps * step - less


def _rounded(value: Fraction) -> int:
    return divide_half_up(value.numerator, value.denominator)
