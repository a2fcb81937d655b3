"""The transparency report as a page and as JSON, and the statements of reasons, for anybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common import clock
from common.limits import rate_limited_by_network
from storefront.community.models import CaseOutcome, CaseSource, FlagRule, ReportRule
from storefront.community.selectors import transparency

_HEADERS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}
_LABELS = {**dict(FlagRule.choices), **dict(ReportRule.choices)}


@require_safe
@public_page()
def page(request: HttpRequest) -> HttpResponse:
    """Show the report of the latest year in words."""
    told = transparency.report(at=clock.now())
    latest = told["years"][0]
    labels = {"by_rule": _LABELS, "by_outcome": dict(CaseOutcome.choices), "by_source": dict(CaseSource.choices)}
    shown = {name: [(labels[name][key], count) for key, count in latest["decisions"][name].items()] for name in labels}
    reported = [(_LABELS[key], count) for key, count in latest["reports"]["by_rule"].items()]
    context = {"report": told, "latest": latest, "decided": shown, "reported": reported}
    context["sections"] = transparency.sections_of(latest)
    return render(request, "community/transparency.html", context)


@require_safe
@rate_limited_by_network("feed")
def figures(request: HttpRequest) -> HttpResponse:
    """Return the report of all years."""
    return JsonResponse(transparency.report(at=clock.now()), headers=_HEADERS)


@require_safe
@rate_limited_by_network("feed")
def statements(request: HttpRequest) -> HttpResponse:
    """Return the statements of reasons in the fields of the Commission's transparency database."""
    return JsonResponse({"statements": transparency.statements()}, headers=_HEADERS)
