"""Reserves and corrections in the finance office."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.paging import page_of
from royalties import permissions
from royalties.forms import CorrectionForm, ReserveForm
from royalties.models import ManualEntry, ReserveRule
from royalties.selectors import reserves as keeping
from royalties.services import corrections, reserves
from royalties.views.decorators import for_finance


@require_http_methods(["GET", "POST"])
@for_finance
def reserve_list(request: PersonRequest) -> HttpResponse:
    """List current and past reserve rules, and set a new one."""
    may_impose = permissions.may_hold_payouts(request.user)
    form = ReserveForm(request.POST or None, initial={"user": request.GET.get("user", "")})
    if request.method == "POST" and may_impose and form.is_valid():
        try:
            _impose(request, form)
        except DomainError as problem:
            messages.error(request, problem.text)
        return redirect("finance-reserves")
    page = {
        "page": page_of(request, keeping.rules()),
        "kept": keeping.kept_by_currency(),
        "form": form,
        "may_impose": may_impose,
        "at": clock.now(),
    }
    return render(request, "finance/reserves.html", page, status=422 if form.errors else 200)


@require_POST
@for_finance
def lift(request: PersonRequest, public_id: str) -> HttpResponse:
    """End a reserve rule. What it kept becomes payable at once."""
    rule = ReserveRule.objects.filter(public_id=public_id).first()
    if rule is None:
        raise NotFound
    reserves.lift(actor=request.user, rule=rule, at=clock.database_now())
    messages.success(request, _("The reserve is lifted, and the money in it is payable."))
    return redirect("finance-reserves")


@require_http_methods(["GET", "POST"])
@for_finance
def correction_list(request: PersonRequest) -> HttpResponse:
    """List proposed and decided corrections, and propose a new one."""
    may_propose = permissions.may_propose_payouts(request.user)
    form = CorrectionForm(request.POST or None, initial={"user": request.GET.get("user", "")})
    if request.method == "POST" and may_propose and form.is_valid():
        try:
            corrections.propose(
                actor=request.user,
                kind=form.cleaned_data["kind"],
                user=_person(form.cleaned_data["user"]),
                amount=form.amount,
                reason=form.cleaned_data["reason"],
                at=clock.database_now(),
            )
            messages.success(request, _("Proposed. Another person has to approve it."))
        except DomainError as problem:
            messages.error(request, problem.text)
        return redirect("finance-corrections")
    page = {
        "page": page_of(request, keeping.corrections()),
        "waiting": keeping.waiting_corrections(),
        "form": form,
        "may_propose": may_propose,
        "may_decide": permissions.may_approve_payouts(request.user),
    }
    return render(request, "finance/corrections.html", page, status=422 if form.errors else 200)


@require_POST
@for_finance
def decide(request: PersonRequest, public_id: str) -> HttpResponse:
    """Approve or decline a correction."""
    correction = ManualEntry.objects.filter(public_id=public_id).first()
    if correction is None:
        raise NotFound
    act = corrections.approve if request.POST.get("decision") == "approve" else corrections.decline
    try:
        act(actor=request.user, manual=correction, at=clock.database_now())
    except DomainError as problem:
        messages.error(request, problem.text)
    if correction.item_id is not None and request.POST.get("from") == "item":
        return redirect("finance-item", correction.item_id)
    return redirect("finance-corrections")


def _impose(request: PersonRequest, form: ReserveForm) -> None:
    at = clock.now()
    reserves.impose(
        actor=request.user,
        user=_person(form.cleaned_data["user"]),
        rate_bps=form.cleaned_data["rate"] * 100,
        days=form.cleaned_data["days"],
        reason=form.cleaned_data["reason"],
        until=at + timedelta(days=form.cleaned_data["lasts"]),
        at=at,
    )
    messages.success(request, _("From now on, part of what clears goes into reserve. The contributor sees the reason."))


def _person(text: str) -> User:
    person = keeping.person(text)
    if person is None:
        raise NotFound
    return person
