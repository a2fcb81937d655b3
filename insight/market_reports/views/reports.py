"""Market reports at the desk: what there is, one report, its table as CSV, and the subscription."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.csv_cells import csv_lines
from common.errors import DomainError, NotFound
from common.limits import limited
from common.periods import Quarter
from insight.market_reports.models import MarketReport
from insight.market_reports.selectors import reports, subscriptions
from insight.market_reports.services import subscriptions as services

_MAX_LINES = 20


@login_required
@never_cache
@require_safe
def overview(request: PersonRequest) -> HttpResponse:
    """List all reports, and offer the subscription."""
    at = clock.now()
    context = {
        "listed": subscriptions.listed_reports(request.user, at),
        "subscription": subscriptions.current_subscription(request.user, at),
        "offers": subscriptions.offers_to(request.user, at),
    }
    return render(request, "market_reports/overview.html", context)


@login_required
@never_cache
@require_safe
def report(request: PersonRequest, quarter: str) -> HttpResponse:
    """Show one report to those who may read it; everybody else goes to the offer."""
    found, is_sample = _find(request, quarter)
    if found is None:
        return _to_offer(request)
    context = {
        "report": found,
        "is_sample": is_sample,
        "missed": reports.most_missed(found, _MAX_LINES),
        "sold": reports.most_sold(found, _MAX_LINES),
        "crowded": reports.most_crowded(found, _MAX_LINES),
        "words": reports.words(found, _MAX_LINES),
    }
    return render(request, "market_reports/report.html", context)


@login_required
@never_cache
@require_safe
def download(request: PersonRequest, quarter: str) -> HttpResponse | StreamingHttpResponse:
    """Return the whole report as CSV."""
    found, _is_sample = _find(request, quarter)
    if found is None:
        return _to_offer(request)
    headers = {"Content-Disposition": f'attachment; filename="market-{found.quarter}.csv"'}
    rows = csv_lines(reports.csv_rows(found))
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@require_POST
@limited("offer")
def subscribe(request: PersonRequest) -> HttpResponse:
    try:
        services.subscribe(actor=request.user, currency=request.POST.get("currency", ""), at=clock.database_now())
    except DomainError as error:
        if error.is_refusal:
            raise
        messages.error(request, error.text)
    else:
        messages.success(request, _("You can read all market reports now."))
    return redirect("market-reports:overview")


@login_required
@require_POST
def cancel(request: PersonRequest) -> HttpResponse:
    services.cancel(actor=request.user, at=clock.database_now())
    messages.success(request, _("Cancelled. Nothing more is charged."))
    return redirect("market-reports:overview")


def _find(request: PersonRequest, quarter: str) -> tuple[MarketReport | None, bool]:
    """Return the report if the person may read it, and whether it is the sample. Raises NotFound."""
    try:
        wanted = Quarter.parse(quarter)
    except ValueError:
        raise NotFound from None
    for listed in subscriptions.listed_reports(request.user, clock.now()):
        if listed.report.quarter == wanted:
            return (listed.report if listed.is_open else None), listed.is_sample
    raise NotFound


def _to_offer(request: PersonRequest) -> HttpResponse:
    messages.info(request, _("This report is for subscribers. You can read the one before it first."))
    return redirect("market-reports:overview")
