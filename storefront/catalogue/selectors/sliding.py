"""The scale of a slider for a price that readers choose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from common.money import Money, exponent
from publishing.services.pricing import MOST_MINOR

_TIMES = 3  # the suggestion is at a third: more than it is as easy to find as less
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Scale:
    """From `first` to `last` in even `step`s. Below the `least`, which may lie between two of them, nothing is paid."""

    least: Money
    first: Money
    last: Money
    step: Money


def scale(*, least: Money, usual: Money) -> Scale | None:
    """For a price that is open from the least up, with this suggestion; None where nothing is left to choose."""
    top = min(_TIMES * usual.amount_minor or _top_of_nothing(usual.currency), MOST_MINOR)
    if top <= least.amount_minor:
        return None
    step = _step(top - least.amount_minor)
    first, last = least.amount_minor // step * step, -(-top // step) * step
    return Scale(least, *(Money(amount, least.currency) for amount in (first, min(last, MOST_MINOR), step)))


def _top_of_nothing(currency: str) -> int:
    """Where nothing is suggested: ten dollars, a thousand yen."""
    return 10 * 10 ** exponent(currency) if exponent(currency) else 1000


def _step(span: int) -> int:
    """The smallest of 1, 5, 10, 50, 100 ... that divides the span into few enough steps."""
    sizes = (size for power in count() for size in (int(10**power), int(5 * 10**power)))
    return next(size for size in sizes if span <= _MOST_STEPS * size)
