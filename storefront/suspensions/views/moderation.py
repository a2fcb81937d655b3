"""Moderators' pages: who meets a rule, one person's record with what may be decided, appeals, and lifting early."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.requests import PersonRequest
from accounts.restrictions import Activity
from common import clock
from common.errors import DomainError, NotFound
from storefront.community.forms import AppealDecisionForm
from storefront.community.models import AppealOutcome, Report, ReviewCase
from storefront.community.views.moderation import for_moderators
from storefront.suspensions import permissions, selectors, statements
from storefront.suspensions.errors import NotYours
from storefront.suspensions.forms import EndingForm, ReasonForm, SuspensionForm, WarningForm
from storefront.suspensions.models import AccountEnding, EndingGround, Suspension
from storefront.suspensions.rules import SuspensionRule
from storefront.suspensions.selectors import queue as queue_selectors
from storefront.suspensions.services import ending as ending_services
from storefront.suspensions.services import suspending, warning


@require_GET
@for_moderators
def queue(request: PersonRequest) -> HttpResponse:
    """Show who meets a published rule, what waits for a decision, and what is in force."""
    return render(request, "suspensions/queue.html", {"queue": queue_selectors.queue(clock.now())})


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def unfounded(request: PersonRequest, about_id: str) -> HttpResponse:
    """Call a dismissed report or complaint, or a refused appeal, manifestly unfounded, with a reason."""
    report = Report.objects.filter(public_id=about_id).select_related("case", "user").first()
    case = ReviewCase.objects.filter(public_id=about_id).first() if report is None else report.case
    if case is None:
        raise NotFound
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, at = form.cleaned_data["reason"], clock.now()
        if report is not None:
            warning.call_report_unfounded(actor=request.user, report=report, reason=reason, at=at)
        else:
            warning.call_appeal_unfounded(actor=request.user, case=case, reason=reason, at=at)
        messages.success(request, _("Decision saved and logged."))
        return redirect("community:moderation-case", case.public_id)
    context = {"case": case, "report": report, "form": form}
    return render(request, "suspensions/unfounded.html", context, status=422 if form.errors else 200)


@require_GET
@for_moderators
def person(request: PersonRequest, user_id: str) -> HttpResponse:
    """Show one person's record, what counts for each rule now, and the forms."""
    return _person_page(request, selectors.person_of(user_id))


@require_POST
@for_moderators
def warn(request: PersonRequest, user_id: str) -> HttpResponse:
    """Warn the person."""
    found, form = selectors.person_of(user_id), WarningForm(request.POST, prefix="warn")
    if not form.is_valid():
        return _person_page(request, found, warning_form=form)
    told = form.cleaned_data

    def act() -> None:
        activity = Activity(told["activity"])
        warning.warn(actor=request.user, person=found, activity=activity, reason=told["reason"], at=clock.now())

    return _done(request, act, "suspensions:person", user_id)


@require_POST
@for_moderators
def suspend(request: PersonRequest, user_id: str) -> HttpResponse:
    """Suspend something for the person."""
    found, form = selectors.person_of(user_id), SuspensionForm(request.POST, prefix="suspend")
    if not form.is_valid():
        return _person_page(request, found, suspension_form=form)
    told = {**form.cleaned_data, "rule": SuspensionRule(form.cleaned_data["rule"])}

    def act() -> None:
        suspending.suspend(actor=request.user, person=found, at=clock.now(), **told)

    return _done(request, act, "suspensions:person", user_id)


@require_POST
@for_moderators
def propose_end(request: PersonRequest, user_id: str) -> HttpResponse:
    """Propose to end the person's account as an author."""
    found, form = selectors.person_of(user_id), EndingForm(request.POST, prefix="end")
    if not form.is_valid():
        return _person_page(request, found, ending_form=form)
    told = {**form.cleaned_data, "ground": EndingGround(form.cleaned_data["ground"])}

    def act() -> None:
        ending_services.propose(actor=request.user, person=found, at=clock.now(), **told)

    return _done(request, act, "suspensions:person", user_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def suspension(request: PersonRequest, suspension_id: str) -> HttpResponse:
    """Show one suspension; decide its appeal, or lift it early."""
    found = selectors.suspension_of(suspension_id)
    lifting = ReasonForm(request.POST if "lift" in request.POST else None, prefix="lift")
    deciding = AppealDecisionForm(request.POST if "decide" in request.POST else None)
    if request.method == "POST" and not (
        permissions.may_lift(request.user, found, clock.now()) or permissions.may_decide_appeal(request.user, found)
    ):
        raise NotYours
    if lifting.is_valid():
        reason = lifting.cleaned_data["reason"]
        return _done(
            request,
            lambda: suspending.lift(actor=request.user, suspension=found, reason=reason, at=clock.now()),
            "suspensions:decide-suspension",
            suspension_id,
        )
    if deciding.is_valid():
        told = _decided(deciding)
        return _done(
            request,
            lambda: suspending.decide_appeal(actor=request.user, suspension=found, at=clock.now(), **told),
            "suspensions:decide-suspension",
            suspension_id,
        )
    return _decision_page(request, found, lifting, deciding)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def ending(request: PersonRequest, ending_id: str) -> HttpResponse:
    """Show the end of one account; confirm it, take it back, or decide its appeal."""
    found = selectors.ending_of(ending_id)
    lifting = ReasonForm(request.POST if "lift" in request.POST else None, prefix="lift")
    deciding = AppealDecisionForm(request.POST if "decide" in request.POST else None)
    if request.method == "POST" and not permissions.may_judge(request.user, found.person):
        raise NotYours
    here = ("suspensions:decide-ending", ending_id)
    if request.method == "POST" and "confirm" in request.POST:
        return _done(request, lambda: ending_services.confirm(actor=request.user, ending=found, at=clock.now()), *here)
    if lifting.is_valid():
        reason = lifting.cleaned_data["reason"]
        return _done(
            request,
            lambda: ending_services.withdraw(actor=request.user, ending=found, reason=reason, at=clock.now()),
            *here,
        )
    if deciding.is_valid():
        told = _decided(deciding)
        return _done(
            request,
            lambda: ending_services.decide_appeal(actor=request.user, ending=found, at=clock.now(), **told),
            *here,
        )
    return _decision_page(request, found, lifting, deciding)


def _decided(form: forms.Form) -> dict[str, Any]:
    return {"outcome": AppealOutcome(form.cleaned_data["outcome"]), "reason": form.cleaned_data["reason"]}


def _done(request: PersonRequest, act: Callable[[], object], name: str, public_id: str) -> HttpResponse:
    """Do it, and say so; or say why it cannot be done."""
    try:
        act()
    except NotYours:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Decision saved and logged."))
    return redirect(name, public_id)


def _decision_page(
    request: PersonRequest, found: Suspension | AccountEnding, lifting: forms.Form, deciding: forms.Form
) -> HttpResponse:
    is_suspension = isinstance(found, Suspension)
    rows = statements.of_suspension(found) if isinstance(found, Suspension) else statements.of_ending(found)
    context = {
        "decision": found,
        "is_suspension": is_suspension,
        "rows": rows,
        "lift_form": lifting if permissions.may_lift(request.user, found, clock.now()) else None,
        "appeal_form": deciding if permissions.may_decide_appeal(request.user, found) else None,
        "may_confirm": isinstance(found, AccountEnding) and permissions.may_confirm(request.user, found),
    }
    status = 422 if lifting.errors or deciding.errors else 200
    return render(request, "suspensions/decide.html", context, status=status)


def _person_page(
    request: PersonRequest,
    found: User,
    *,
    warning_form: forms.Form | None = None,
    suspension_form: forms.Form | None = None,
    ending_form: forms.Form | None = None,
) -> HttpResponse:
    at = clock.now()
    counted = [grounds for activity in Activity for grounds in selectors.rules_for(activity, found, at)]
    context = {
        "person": found,
        "record": selectors.record_of(found, is_own=False),
        "counted": [(grounds, statements.rule_in_words(grounds.numbers.rule)) for grounds in counted],
        "today": at.date(),
        "may_judge": permissions.may_judge(request.user, found),
        "warning_form": warning_form or WarningForm(prefix="warn"),
        "suspension_form": suspension_form or SuspensionForm(prefix="suspend"),
        "ending_form": (ending_form or EndingForm(prefix="end")) if found.is_author else None,
    }
    status = 422 if warning_form or suspension_form or ending_form else 200
    return render(request, "suspensions/person.html", context, status=status)
