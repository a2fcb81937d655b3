"""The market's health: what is not right now, all figures with their series, one figure, and the same as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import permissions
from accounts.requests import PersonRequest
from accounts.services import record_audit
from accounts.views.staff import for_staff
from common import clock
from common.errors import NotFound
from insight.market import periods, wording
from insight.market.charts import LineChart, Point, line_chart
from insight.market.figure import Figure, Group
from insight.market.periods import Cadence, Span
from insight.market.registry import FIGURES
from insight.market.registry import figure as figure_of
from insight.market.selectors import history, rings
from insight.market.selectors.history import Counted, Series

_SMALL, _LARGE = (240, 40), (1200, 200)
_SHOWN_PARTS = 4
_LISTED_PARTS = 40
_LISTED_AUTHORS = 50


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """One row of the table behind a chart."""

    first: date
    value: str
    events: int | None
    expected: str
    is_alarm: bool


@dataclass(frozen=True, slots=True)
class ShownSeries:
    """One part of a figure, in words and as a line. `label` is "" for the whole market."""

    label: str
    now: str
    events: int | None
    expected: str
    since: date | None  # not right since; None if it is
    chart: LineChart
    top: str
    bottom: str
    days: tuple[date, date]


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with its series; `more` is how many of them are left out. `last` is its last period."""

    figure: Figure
    made_at: datetime | None
    last: Span | None
    series: list[ShownSeries]
    more: int


@require_safe
@for_staff(permissions.is_operator)
def overview(request: PersonRequest) -> HttpResponse:
    """Show what is not right now, then every figure by group."""
    found = history.counted(figure.code for figure in FIGURES)

    def small(figure: Figure) -> Shown:
        return _shown(figure, found.get(figure.code), _SHOWN_PARTS, is_small=True)

    context = {
        "alarms": [
            (figure, _shown_series(figure, wrong[0], is_small=True), len(wrong) - 1)
            for figure in FIGURES
            if figure.code in found
            if (wrong := [series for series in found[figure.code].series if series.not_right_since])
        ],
        "groups": [(group.label, [small(one) for one in FIGURES if one.group == group]) for group in Group],
        "made_at": max((one.made_at for one in found.values()), default=None),
    }
    return render(request, "market/health.html", context)


@require_safe
@for_staff(permissions.is_operator)
def figure(request: PersonRequest, code: str) -> HttpResponse:
    """Show one figure: its definition, and its series as lines with the table behind each."""
    found = _figure(code)
    counted = history.counted([code]).get(code)
    series = counted.series[:_LISTED_PARTS] if counted else []
    context: dict[str, Any] = {
        "shown": _shown(found, counted, _LISTED_PARTS, is_small=False),
        "tables": [_table(found, one) for one in series],
    }
    if found.group == Group.RINGS:
        context["rings"] = _rings(request)
    return render(request, "market/figure.html", context)


@require_safe
@for_staff(permissions.is_operator)
def as_json(request: PersonRequest) -> JsonResponse:
    """Return every figure with its definition and its series, values as whole numbers of the unit."""
    found = history.counted(figure.code for figure in FIGURES)
    return JsonResponse({"figures": [_plain(figure, found.get(figure.code)) for figure in FIGURES]})


def _figure(code: str) -> Figure:
    found = figure_of(code)
    if found is None:
        raise NotFound
    return found


def _shown(figure: Figure, counted: Counted | None, most: int, *, is_small: bool) -> Shown:
    if counted is None:
        return Shown(figure, None, None, [], 0)
    shown = [_shown_series(figure, one, is_small=is_small) for one in counted.series[:most]]
    last = periods.span_with(figure.cadence, counted.last_day)
    return Shown(figure, counted.made_at, last, shown, max(len(counted.series) - most, 0))


def _shown_series(figure: Figure, series: Series, *, is_small: bool) -> ShownSeries:
    points = [Point(row.value, row.low, row.high, row.is_alarm) if row else Point(None) for row in series.rows]
    width, height = _SMALL if is_small else _LARGE
    chart = line_chart(points, width=width, height=height, has_limits=not is_small)
    latest = series.latest
    return ShownSeries(
        label=wording.part_name(series.part),
        now=wording.value_of(figure, latest) if latest else wording.NOTHING,
        events=latest.events if latest else None,
        expected=wording.expected_of(figure, latest) if latest else "",
        since=series.not_right_since,
        chart=chart,
        top=wording.written(figure.unit, chart.highest, series.part),
        bottom=wording.written(figure.unit, chart.lowest, series.part),
        days=(series.days[0], series.days[-1]),
    )


def _table(figure: Figure, series: Series) -> list[ShownPeriod]:
    """Return the rows of the table behind a chart, the newest first."""
    return [
        ShownPeriod(day, wording.value_of(figure, row), row.events, wording.expected_of(figure, row), row.is_alarm)
        if row
        else ShownPeriod(day, wording.NOTHING, None, "", is_alarm=False)
        for day, row in zip(reversed(series.days), reversed(series.rows), strict=True)
    ]


def _rings(request: PersonRequest) -> dict[str, Any]:
    """Return the authors and pairs with the highest shares in the last week. Who saw whom is recorded."""
    found = rings.buying(periods.last_ended(Cadence.WEEK, clock.now()))
    authors = [one for one in found.authors if one.share_bps][:_LISTED_AUTHORS]
    pairs = found.pairs[:_LISTED_AUTHORS]
    named = rings.people_of(authors, pairs)
    record_audit(
        actor=request.user,
        verb="market.rings_read",
        subject=request.user,
        facts={"people": " ".join(sorted(str(person.public_id) for person in named.values()))},
    )
    return {
        "authors": [(named[one.author], one.buyers, one.share_bps, one.is_at_limit) for one in authors],
        "pairs": [
            ([named[author] for author in pair.authors], pair.readers, pair.share_bps, pair.is_at_limit)
            for pair in pairs
        ],
    }


def _plain(figure: Figure, counted: Counted | None) -> dict[str, Any]:
    return {
        "code": figure.code,
        "group": figure.group.value,
        "name": str(figure.name),
        "definition": str(figure.definition),
        "source": figure.source,
        "unit": figure.unit.value,
        "cadence": figure.cadence.value,
        "window": str(figure.window),
        "target": str(figure.target),
        "alarm": figure.alarm.words,
        "owner": figure.owner.value,
        "made_at": counted.made_at.isoformat() if counted else None,
        "series": [_plain_series(one) for one in counted.series] if counted else [],
    }


def _plain_series(series: Series) -> dict[str, Any]:
    return {
        "part": series.part,
        "values": [
            {
                "first_day": day.isoformat(),
                "value": row.value,
                "events": row.events,
                "low": row.low,
                "high": row.high,
                "is_alarm": row.is_alarm,
            }
            for day, row in zip(series.days, series.rows, strict=True)
            if row
        ],
    }
