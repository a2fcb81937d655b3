"""Held money: the person's own page with each statement of reasons and the complaint, and finance's decisions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from common.paging import page_of
from royalties import permissions
from royalties.hold_forms import HoldComplaintForm, HoldDecisionForm
from royalties.models import ComplaintOutcome
from royalties.selectors import hold_reasons
from royalties.services import hold_complaints
from royalties.views.decorators import for_contributors, for_finance


@require_GET
@for_contributors
def own_list(request: PersonRequest) -> HttpResponse:
    """List everything that is or was held of the person's money, and why."""
    context = {
        "page": page_of(request, hold_reasons.notices_of(request.user)),
        "automatic": hold_reasons.automatic_holds(request.user, clock.now()),
        "at": clock.now(),
    }
    return render(request, "royalties/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contributors
def own(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the statement of reasons of one hold, and take the complaint."""
    notice, at = hold_reasons.notice_of(public_id), clock.database_now()
    if not permissions.may_see_hold(request.user, notice):
        raise NotFound
    form = HoldComplaintForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        hold_complaints.complain(actor=request.user, notice=notice, text=form.cleaned_data["text"], at=at)
        messages.success(
            request, _("We have received your complaint. Someone else will decide, and we will email you.")
        )
        return redirect("earnings-hold", public_id)
    context = {
        "notice": notice,
        "rows": hold_reasons.statement_of(notice, at),
        "in_force": notice.is_in_force(at),
        "form": form,
        "may_complain": permissions.may_complain(request.user, notice, at),
        "until": permissions.complain_until(notice, at),
    }
    return render(request, "royalties/hold.html", context, status=422 if form.errors else 200)


@require_GET
@for_finance
def complaints(request: PersonRequest) -> HttpResponse:
    """List the complaints that wait for a decision, and those that were decided."""
    context = {
        "waiting": hold_reasons.waiting_complaints(),
        "page": page_of(request, hold_reasons.decided_complaints()),
    }
    return render(request, "finance/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_finance
def complaint(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show one hold with its complaint, and decide about it."""
    notice, at = hold_reasons.notice_of(public_id), clock.database_now()
    if request.method == "POST" and not permissions.may_hold_payouts(request.user):
        raise NotAllowed
    form = HoldDecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            hold_complaints.decide(
                actor=request.user,
                notice=notice,
                outcome=ComplaintOutcome(form.cleaned_data["outcome"]),
                answer=form.cleaned_data["answer"],
                at=at,
            )
        except NotAllowed:
            raise
        except DomainError as problem:
            messages.error(request, problem.text)
        else:
            messages.success(request, _("Decision saved and logged."))
        return redirect("finance-hold-complaint", public_id)
    context = {
        "notice": notice,
        "rows": hold_reasons.statement_of(notice, at),
        "form": form if permissions.may_decide_complaint(request.user, notice) else None,
    }
    return render(request, "finance/hold.html", context, status=422 if form.errors else 200)
