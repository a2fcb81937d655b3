"""The page of an author's series: its books and the discount for completing it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from publishing import selectors
from publishing import services as publishing_services
from publishing.forms import CompletingForm


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: PersonRequest, series_id: str) -> HttpResponse:
    """Show the books with their regular and discounted prices, and save the discount."""
    found = selectors.series_of(request.user, series_id)
    percent = Decimal(found.completing_bps).scaleb(-2).normalize()
    form = CompletingForm(request.POST or None, initial={"percent": f"{percent:f}"})
    if request.method == "POST" and form.is_valid():
        try:
            publishing_services.set_completion_discount(
                actor=request.user, series=found, discount_bps=form.discount_bps, at=clock.now()
            )
        except DomainError as problem:
            form.add_error("percent", problem.text)
        else:
            messages.success(request, _("Saved. Readers see the change immediately."))
            return redirect("desk-series", series_id)
    context = {"series": found, "form": form, "books": selectors.series_books(found)}
    return render(request, "publishing/series.html", context, status=422 if form.errors else 200)
