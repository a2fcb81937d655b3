"""The person's own pages: everything that was decided about them, with its statement of reasons, and the appeal."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import NotFound
from storefront.community.forms import AppealForm
from storefront.suspensions import permissions, selectors, statements
from storefront.suspensions.models import AccountEnding, Suspension
from storefront.suspensions.services import ending as ending_services
from storefront.suspensions.services import suspending
from storefront.suspensions.statements import Rows


@login_required
@never_cache
@require_GET
def record(request: PersonRequest) -> HttpResponse:
    """Show all warnings, suspensions and endings, and what was called manifestly unfounded."""
    context = {"record": selectors.record_of(request.user, is_own=True), "today": clock.now().date()}
    return render(request, "suspensions/own.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suspension(request: PersonRequest, suspension_id: str) -> HttpResponse:
    """Show a suspension with its statement of reasons, and take the appeal."""
    found, at = selectors.suspension_of(suspension_id), clock.now()
    if found.person != request.user:
        raise NotFound
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        suspending.appeal(actor=request.user, suspension=found, text=form.cleaned_data["text"], at=at)
        return _received(request, "suspensions:suspension", suspension_id)
    return _page(request, found, statements.of_suspension(found), form, at)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ending(request: PersonRequest, ending_id: str) -> HttpResponse:
    """Show the end of the person's account as an author with its statement of reasons, and take the appeal."""
    found, at = selectors.ending_of(ending_id), clock.now()
    if found.person != request.user or found.confirmed_at is None:
        raise NotFound
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ending_services.appeal(actor=request.user, ending=found, text=form.cleaned_data["text"], at=at)
        return _received(request, "suspensions:ending", ending_id)
    return _page(request, found, statements.of_ending(found), form, at)


def _received(request: PersonRequest, name: str, public_id: str) -> HttpResponse:
    messages.success(request, _("We have received your appeal. Someone else will decide, and we will email you."))
    return redirect(name, public_id)


def _page(
    request: PersonRequest, found: Suspension | AccountEnding, rows: Rows, form: AppealForm, at: datetime
) -> HttpResponse:
    is_suspension = isinstance(found, Suspension)
    context = {
        "decision": found,
        "is_suspension": is_suspension,
        "is_over": isinstance(found, Suspension) and not found.is_active(at.date()),
        "rows": rows,
        "form": form,
        "may_appeal": permissions.may_appeal(request.user, found, found.person, at),
        "until": permissions.appeal_until(found, at),
    }
    return render(request, "suspensions/decision.html", context, status=422 if form.errors else 200)
