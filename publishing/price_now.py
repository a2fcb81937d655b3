"""What a book costs at a moment: one function of its list price, its promotions and the time.

Pages, lists, carts, feeds and ONIX ask here, so that no job has to switch a price and none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """A promotion as far as the price goes: from `begins_at` (inclusive) until `ends_at` (exclusive)."""

    begins_at: datetime
    ends_at: datetime
    price_minor: int
    promotion: str = ""  # public id

    def covers(self, at: datetime) -> bool:
        return self.begins_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class PriceNow:
    """`promotion` is the public id of what made the price lower than the list price; "" for the list price."""

    minor: int
    promotion: str = ""
    ends_at: datetime | None = None  # of the promotion


def price_at(list_minor: int, periods: Iterable[PricePeriod], at: datetime, *, is_fixed: bool = False) -> PriceNow:
    """Return the price at a moment. A promotion only ever lowers it.

    `is_fixed`: the reader's country binds the book's price. A promotion is then a price that holds for everyone, but
    giving the book away is not.
    """
    lower = [
        one for one in periods if one.covers(at) and one.price_minor < list_minor and (one.price_minor or not is_fixed)
    ]
    if not lower:
        return PriceNow(list_minor)
    lowest = min(lower, key=lambda one: one.price_minor)
    return PriceNow(lowest.price_minor, lowest.promotion, lowest.ends_at)


def next_border(periods: Iterable[PricePeriod], at: datetime) -> datetime | None:
    """Return the next moment at which one of the periods begins or ends; None if all are over."""
    borders = [border for one in periods for border in (one.begins_at, one.ends_at) if border > at]
    return min(borders, default=None)


def steps_with(
    steps: Sequence[tuple[datetime, int | None]],
    periods: Sequence[PricePeriod],
    *,
    now: datetime,
    is_fixed: bool = False,
) -> list[tuple[datetime, int | None]]:
    """Return the prices that were really asked until now: list prices with the promotions laid over them.

    `steps` are list prices, oldest first, each from its moment on; None while the book was not on sale. Two of the same
    price in succession stay two: a dearer one between them was left out of what is stored.
    """
    if not steps:
        return []
    borders = {at for at, _ in steps}
    borders |= {border for one in periods for border in (one.begins_at, one.ends_at) if steps[0][0] < border <= now}
    found: list[tuple[datetime, int | None]] = []
    for border in sorted(borders):
        *before, listed = (amount for at, amount in steps if at <= border)
        amount = None if listed is None else price_at(listed, periods, border, is_fixed=is_fixed).minor
        was_dearer_between = any(at == border for at, _ in steps) and before[-1:] == [listed]
        if not found or found[-1][1] != amount or was_dearer_between:
            found.append((border, amount))
    return found
