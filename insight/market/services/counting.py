"""Counting the figures of periods and judging them. Safe to repeat at any time: rows are replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import transaction

from insight.market import periods
from insight.market.alarms import Judged
from insight.market.figure import Figure
from insight.market.models import FigureCount, FigureValue
from insight.market.periods import Span
from insight.market.registry import FIGURES
from insight.market.values import Value

# How many periods before a value its alarm rule may read.
_LOOK_BACK = 13


def count_night(*, at: datetime) -> None:
    """Count the periods that ended and are not counted yet, and again those that may have changed."""
    for figure in FIGURES:
        if figure.again:
            spans = periods.last_ones(figure.cadence, at, figure.again)
        else:
            last = periods.last_ended(figure.cadence, at)
            is_counted = FigureCount.objects.filter(figure=figure.code, first_day=last.first).exists()
            spans = [] if is_counted else [last]
        count(figure=figure, spans=spans, at=at)


def recount(*, figures: Iterable[Figure] = FIGURES, back: int, at: datetime) -> int:
    """Count the last periods anew. Figures of what is on sale now get their last period alone. Return the changes."""
    changed = 0
    for figure in figures:
        spans = periods.last_ones(figure.cadence, at, back if figure.again else 1)
        changed += count(figure=figure, spans=spans, at=at)
    return changed


@transaction.atomic
def count(*, figure: Figure, spans: Iterable[Span], at: datetime) -> int:
    """Count one figure for these periods, the oldest first, and judge its values. Return how many values changed."""
    changed = 0
    for span in spans:
        before = _before(figure, span)
        values = [(value, figure.alarm.judge(value, before(value.part))) for value in figure.count(span)]
        kept, _is_new = FigureCount.objects.update_or_create(
            figure=figure.code, first_day=span.first, defaults={"made_at": at}
        )
        stored = {(row.part, row.value, row.events) for row in kept.values.all()}
        changed += len(stored ^ {(value.part, value.value, value.events) for value, _judged in values})
        kept.values.all().delete()
        FigureValue.objects.bulk_create([_row(kept, value, judged) for value, judged in values], batch_size=1000)
    return changed


def _row(kept: FigureCount, value: Value, judged: Judged) -> FigureValue:
    return FigureValue(
        count=kept,
        part=value.part,
        value=value.value,
        events=value.events,
        low=judged.low,
        high=judged.high,
        is_alarm=judged.is_alarm,
    )


def _before(figure: Figure, span: Span) -> Callable[[str], list[Value]]:
    """Return the values of the periods before, by part: one for each period, empty where none is stored."""
    days: list[date] = []
    for _number in range(_LOOK_BACK):
        span = periods.before(figure.cadence, span)
        days.append(span.first)
    stored: dict[tuple[str, date], Value] = {
        (row.part, row.count.first_day): Value(row.value, row.events, row.part)
        for row in FigureValue.objects.filter(count__figure=figure.code, count__first_day__in=days).select_related(
            "count"
        )
    }
    return lambda part: [stored.get((part, day), Value(None, 0, part)) for day in reversed(days)]
