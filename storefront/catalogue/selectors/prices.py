"""A book's price history as a step chart and a table, and the legal notice for a reduced price.

Directive 98/6/EC, article 6a (added by Directive (EU) 2019/2161): whoever announces a reduction must state the lowest
price of the thirty days before it, and the percentage counts from there (Court of Justice, C-330/23). We announce a
reduction for thirty days. A price that is not below that lowest price is not a reduction, nor is the price of a book
that was not on sale for thirty days before. The history is that of the prices asked: list prices with promotions laid
over them, and of codes that anybody may use; a code with a limited number of uses is a personal one. We do this for all
readers, wherever they live.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from common.money import apply_bps
from publishing.models import Promotion
from publishing.price_now import PricePeriod, steps_with
from storefront.catalogue.models import Listing, PriceChange
from storefront.catalogue.models.details import PriceSteps

_MAX_STEPS = 60  # unless more steps fall within _COUNTED
_CHARTED = timedelta(days=400)  # promotions that ended earlier are left out of the history
_COUNTED = timedelta(days=60)  # before the last step: the days of the announcement plus the days it looks back on
LOOK_BACK = timedelta(days=30)
_ANNOUNCED = timedelta(days=30)
_WIDTH, _HEIGHT, _EDGE = 600, 120, 8


@dataclass(frozen=True, slots=True)
class Step:
    """The price from `at` until `until` (None: now); None while it was not on sale."""

    at: datetime
    until: datetime | None
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class Reduction:
    """`lowest_minor` is the lowest price of the thirty days before the price was reduced at `at`."""

    at: datetime
    lowest_minor: int
    percent: int


@dataclass(frozen=True, slots=True)
class CodePeriod:
    """While anybody could pay less by a code: a percentage less, or an amount."""

    begins_at: datetime
    ends_at: datetime
    percent_bps: int | None
    amount_minor: int = 0

    def price(self, minor: int) -> int:
        """Return what was paid with the code."""
        off = self.amount_minor if self.percent_bps is None else apply_bps(minor, self.percent_bps)
        return max(minor - off, 0)


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """The history in one currency. `steps` are newest first; `paths` has one chart line for each period on sale."""

    currency: str
    steps: tuple[Step, ...]
    paths: tuple[str, ...]
    least_minor: int
    most_minor: int
    reduction: Reduction | None
    width: int = _WIDTH
    height: int = _HEIGHT


def stored_histories(works: Collection[int]) -> dict[int, dict[str, PriceSteps]]:
    """Return the price history that listings store, by work (primary keys) and currency.

    Works without recorded prices are left out.
    """
    found: dict[int, dict[str, list[tuple[datetime, int | None]]]] = {}
    rows = PriceChange.objects.filter(work__in=works).order_by("at", "pk")
    for work_id, currency, at, amount in rows.values_list("work_id", "currency", "at", "amount_minor"):
        found.setdefault(work_id, {}).setdefault(currency, []).append((at, amount))
    return {
        work_id: {currency: _kept(steps) for currency, steps in histories.items()}
        for work_id, histories in found.items()
    }


def promotions_of(work_id: int, *, ending_after: datetime) -> dict[str, list[PricePeriod]]:
    """Return, by currency, the work's promotions that end after the moment, oldest first."""
    found: dict[str, list[PricePeriod]] = {}
    for one in Promotion.objects.filter(work=work_id, ends_at__gt=ending_after).order_by("begins_at", "pk"):
        period = PricePeriod(one.begins_at, one.ends_at, one.price_minor, one.public_id)
        found.setdefault(one.currency, []).append(period)
    return found


def past_promotions(work_id: int, *, at: datetime) -> dict[str, tuple[PricePeriod, ...]]:
    """Return, by currency, those that are over and still belong to the history."""
    found = promotions_of(work_id, ending_after=at - _CHARTED)
    over = {currency: tuple(one for one in periods if one.ends_at <= at) for currency, periods in found.items()}
    return {currency: periods for currency, periods in over.items() if periods}


def all_promotions(listing: Listing, currency: str) -> tuple[PricePeriod, ...]:
    """Return what the listing knows of past, present and coming promotions in the currency."""
    return (*listing.details.past_promotions.get(currency, ()), *listing.promotions.get(currency, ()))


def _kept(steps: Sequence[tuple[datetime, int | None]]) -> PriceSteps:
    """Return all of the last sixty days, however often the price changed, and some steps before them.

    For each day, this keeps the last price and the lowest one before it, so that later changes never push out a lowest
    price.
    """
    lasting = [step for step, after in zip(steps, [*steps[1:], None], strict=True) if not after or step[0] != after[0]]
    since = lasting[-1][0] - _COUNTED
    recent = [step for step in lasting if step[0] > since]
    folded: list[tuple[datetime, int | None]] = []
    for _day, day in groupby(recent, key=lambda step: step[0].date()):
        *before, last = day
        priced = [step for step in before if step[1] is not None]
        folded += [*sorted(priced, key=lambda step: step[1] or 0)[:1], last]
    older = lasting[: -len(recent)]
    # At least the price in force when the sixty days began.
    return (*older[-max(1, _MAX_STEPS - len(folded)) :], *folded)


def price_history(
    stored: PriceSteps,
    *,
    currency: str,
    now: datetime,
    promotions: Sequence[PricePeriod] = (),
    is_open: bool = False,
    is_fixed: bool = False,
) -> PriceHistory | None:
    """Return the history as a page shows it; None if nothing is known. An open price is never announced as reduced.

    `promotions` are past and present; `is_fixed` says that free days do not count for this reader.
    """
    steps = _steps(steps_with(stored, promotions, now=now, is_fixed=is_fixed))
    amounts = [step.amount_minor for step in steps if step.amount_minor is not None]
    if not amounts:
        return None
    return PriceHistory(
        currency=currency,
        steps=tuple(steps[::-1]),
        paths=tuple(_paths(steps, now)) if len(steps) > 1 else (),
        least_minor=min(amounts),
        most_minor=max(amounts),
        reduction=None if is_open else _reduction(steps, now),
    )


def lowest_in_30_days(
    stored: PriceSteps, *, now: datetime, promotions: Sequence[PricePeriod] = (), is_fixed: bool = False
) -> int | None:
    """Return the lowest price of the last thirty days; None if it was not on sale, as far as we know."""
    since = now - LOOK_BACK
    applied = [
        step.amount_minor
        for step in _steps(steps_with(stored, promotions, now=now, is_fixed=is_fixed))
        if step.amount_minor is not None and (step.until is None or step.until > since)
    ]
    return min(applied, default=None)


def counting_codes(history: PriceHistory, codes: Sequence[CodePeriod]) -> PriceHistory:
    """Return the history with what codes for everybody made of the prices in the thirty days before its reduction."""
    reduction = history.reduction
    if reduction is None:
        return history
    since = reduction.at - LOOK_BACK
    with_code = [
        code.price(step.amount_minor)
        for step in history.steps
        for code in codes
        if step.amount_minor is not None
        and max(step.at, code.begins_at, since) < min(step.until or reduction.at, code.ends_at, reduction.at)
    ]
    now = history.steps[0].amount_minor or 0
    return replace(history, reduction=_below(min([reduction.lowest_minor, *with_code]), now, reduction.at))


def _steps(stored: Sequence[tuple[datetime, int | None]]) -> list[Step]:
    ends = [*(at for at, _amount in stored[1:]), None]  # one too many if there are no steps
    return [Step(at, until, amount) for (at, amount), until in zip(stored, ends, strict=False) if at != until]


def _reduction(steps: list[Step], now: datetime) -> Reduction | None:
    last = steps[-1]
    # Compared by day, like the pages' ETags: a reduction is announced until the end of its last day.
    if last.amount_minor is None or now.date() - last.at.date() > _ANNOUNCED:
        return None
    since = last.at - LOOK_BACK
    if steps[0].at > since:  # younger than thirty days when the price was reduced
        return None
    applied = [
        step.amount_minor
        for step in steps[:-1]
        if step.amount_minor is not None and step.until is not None and step.until > since
    ]
    return _below(min(applied, default=0), last.amount_minor, last.at)


def _below(lowest_minor: int, now_minor: int, at: datetime) -> Reduction | None:
    """Return how far a price is below the lowest one before it; None if it is not."""
    percent = 100 * (lowest_minor - now_minor) // lowest_minor if lowest_minor else 0
    return Reduction(at, lowest_minor, percent) if percent >= 1 else None


def _paths(steps: list[Step], now: datetime) -> list[str]:
    """Return the steps as SVG path commands: horizontal, then vertical; with a gap while the book was not on sale."""
    most = max(step.amount_minor or 0 for step in steps) or 1
    begin, whole = steps[0].at, max((now - steps[0].at).total_seconds(), 1)

    def x(at: datetime) -> int:
        return _EDGE + round((_WIDTH - 2 * _EDGE) * min((at - begin).total_seconds() / whole, 1))

    paths: list[str] = []
    path = ""
    for step in steps:
        if step.amount_minor is None:
            paths, path = [*paths, path] if path else paths, ""
            continue
        y = _HEIGHT - _EDGE - round((_HEIGHT - 2 * _EDGE) * step.amount_minor / most)
        path += f"V{y}H{x(step.until or now)}" if path else f"M{x(step.at)} {y}H{x(step.until or now)}"
    return [*paths, path] if path else paths
