"""The scale of the slider for an open price."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from common.money import Money, exponent
from publishing.services.prices import MAX_PRICE_MINOR

_TIMES = 3  # the suggested price is at a third of the scale, so a higher price is as easy to find as a lower one
_MAX_STEPS = 50


@dataclass(frozen=True, slots=True)
class SliderScale:
    """A range from `first` to `last` in even `step`s. `least`, the minimum price, may lie between two steps."""

    least: Money
    first: Money
    last: Money
    step: Money


def scale(*, least: Money, usual: Money) -> SliderScale | None:
    """Return the scale for an open price with this minimum and suggestion; None if there is nothing to choose."""
    top = min(_TIMES * usual.amount_minor or _top_of_nothing(usual.currency), MAX_PRICE_MINOR)
    if top <= least.amount_minor:
        return None
    step = _step(top - least.amount_minor)
    first, last = least.amount_minor // step * step, -(-top // step) * step
    return SliderScale(least, *(Money(amount, least.currency) for amount in (first, min(last, MAX_PRICE_MINOR), step)))


def _top_of_nothing(currency: str) -> int:
    """Return the top of the scale if the suggested price is zero: ten dollars, a thousand yen."""
    return 10 * 10 ** exponent(currency) if exponent(currency) else 1000


def _step(span: int) -> int:
    """Return the smallest of 1, 5, 10, 50, 100 ... that divides the span into few enough steps."""
    sizes = (size for power in count() for size in (int(10**power), int(5 * 10**power)))
    return next(size for size in sizes if span <= _MAX_STEPS * size)
