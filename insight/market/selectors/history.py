"""What was counted: series by figure and part, and what is not right now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import ngettext

from insight.market.models import FigureCount, FigureValue
from operations.console.hooks import OpenItem

_PERIODS = 26


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one part of a figure, the oldest first: one for each counted period, None where it had none."""

    figure: str
    part: str
    days: list[date]
    rows: list[FigureValue | None]

    @property
    def latest(self) -> FigureValue | None:
        return self.rows[-1]

    @property
    def not_right_since(self) -> date | None:
        """Return the first day of the periods in a row that ended in an alarm; None if the latest is none."""
        since = None
        for day, row in zip(reversed(self.days), reversed(self.rows), strict=True):
            if row is None or not row.is_alarm:
                break
            since = day
        return since


@dataclass(frozen=True, slots=True)
class Counted:
    """The series of one figure, the highest latest value first, and when it was last counted."""

    figure: str
    made_at: datetime
    last_day: date  # the first one of its last period
    series: list[Series]


def counted(codes: Iterable[str]) -> dict[str, Counted]:
    """Return the last periods of these figures. Two queries, however many figures."""
    counts: dict[str, list[FigureCount]] = defaultdict(list)
    for count in FigureCount.objects.filter(figure__in=list(codes)).order_by("figure", "-first_day"):
        if len(counts[count.figure]) < _PERIODS:
            counts[count.figure].append(count)
    kept = [count.pk for several in counts.values() for count in several]
    rows: dict[tuple[str, str], dict[int, FigureValue]] = defaultdict(dict)
    for row in FigureValue.objects.filter(count__in=kept).annotate(code=F("count__figure")):
        rows[row.code, row.part][row.count_id] = row
    found = {code: Counted(code, several[0].made_at, several[0].first_day, []) for code, several in counts.items()}
    for (code, part), by_count in rows.items():
        oldest_first = counts[code][::-1]
        found[code].series.append(
            Series(code, part, [one.first_day for one in oldest_first], [by_count.get(one.pk) for one in oldest_first])
        )
    for one in found.values():
        one.series.sort(key=_highest_first)
    return found


def not_right() -> QuerySet[FigureValue]:
    """Return the alarms among the latest values of each figure."""
    newest = FigureCount.objects.filter(figure=OuterRef("count__figure")).order_by("-first_day").values("pk")[:1]
    return FigureValue.objects.filter(is_alarm=True, count=Subquery(newest))


def open_items() -> list[OpenItem]:
    """Return one line for the operator's page if something is not right."""
    number = not_right().values("count__figure").distinct().count()
    if not number:
        return []
    text = ngettext(
        "%(count)d figure of the market is not right.", "%(count)d figures of the market are not right.", number
    )
    return [OpenItem(text % {"count": number}, "Market health")]


def _highest_first(series: Series) -> tuple[bool, int, str]:
    latest = series.latest
    known = latest.value if latest is not None and latest.value is not None else None
    return known is None, -(known or 0), series.part
