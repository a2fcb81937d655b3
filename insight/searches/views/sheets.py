"""The sheets of weeks: for authors at the desk, and with all of their cells for operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import permissions
from accounts.requests import PersonRequest
from accounts.views.staff import for_staff
from insight.searches import selectors, weeks
from insight.searches.selectors import figures
from insight.searches.selectors.figures import FillRate, Gap, LittleRate

_MAX_LINES = 20
_TREND_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A gap in a table; `width` is its bar's, out of 100."""

    gap: Gap
    width: int


@dataclass(frozen=True, slots=True)
class WeekRates:
    """How often people found something in one week."""

    week: date
    fill: FillRate
    books: LittleRate
    services: LittleRate


@login_required
@never_cache
@require_safe
def wanted(request: PersonRequest) -> HttpResponse:
    """Show authors what readers, and clients, look for and do not find."""
    context = _week_context(request.GET.get("week", ""))
    week = context["week"]
    if week is not None:
        context["gaps"] = _lines(selectors.gaps(week)[:_MAX_LINES])
        context["services"] = _lines(selectors.gaps(week, services=True)[:_MAX_LINES])
        context["words"] = figures.words(week)[:_MAX_LINES]
    return render(request, "searches/wanted.html", context)


@require_safe
@for_staff(permissions.is_operator)
def operator(request: PersonRequest) -> HttpResponse:
    """Show operators how often people find something, and all that is published of a week."""
    context = _week_context(request.GET.get("week", ""))
    week = context["week"]
    if week is not None:
        context["rates"] = [_rates(one) for one in context["all_weeks"] if one <= week][:_TREND_WEEKS]
        context["books"] = _lines(figures.demand(week))
        context["services"] = _lines(figures.demand(week, services=True))
        context["words"] = figures.words(week)
    return render(request, "searches/operator.html", context)


def _week_context(asked: str) -> dict[str, Any]:
    """Return the week that is asked for, or the newest one, with those before and after it."""
    every = figures.weeks_with_sheets()
    by_name = {str(week): place for place, week in enumerate(every)}
    place = by_name.get(asked, 0)
    week = every[place] if every else None
    return {
        "all_weeks": every,
        "week": week,
        "last_day": weeks.last_day(week) if week else None,
        "newer": f"?week={every[place - 1]}" if place else "",
        "older": f"?week={every[place + 1]}" if place + 1 < len(every) else "",
    }


def _lines(gaps: Sequence[Gap]) -> list[Line]:
    most = max((gap.found_little for gap in gaps), default=0)
    return [Line(gap, round(100 * gap.found_little / most) if most else 0) for gap in gaps]


def _rates(week: date) -> WeekRates:
    return WeekRates(
        week,
        selectors.search_fill(week),
        selectors.found_little(week),
        selectors.found_little(week, services=True),
    )
