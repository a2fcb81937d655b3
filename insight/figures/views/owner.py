"""The figures of all of an author's works."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest
from common import clock
from common.paging import page_of_list
from insight.figures.selectors import funnel
from insight.figures.selectors.periods import Period
from insight.figures.views.work import chart_context


@login_required
@never_cache
@require_safe
def owner(request: PersonRequest) -> HttpResponse:
    """Show how all of the user's own works do together, and each of them."""
    period = Period.of(request.GET.get("days", ""), clock.now())
    figures = funnel.of_owner(request.user, period)
    context = {
        **chart_context(figures, period),
        "page": page_of_list(request, funnel.works_of(request.user, period)),
        "earned": funnel.earned_since(request.user, period.start),
    }
    return render(request, "figures/owner.html", context)
