"""The moderators' queue: flags, reports and appeals."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, HiddenPage
from common.paging import page_of
from common.templatetags.money import moment
from storefront.community import permissions, reportables
from storefront.community.errors import CaseNotYours, SubjectTextChanged
from storefront.community.forms import AppealDecisionForm, CasesFilter, DecisionForm
from storefront.community.models import (
    AppealOutcome,
    CaseOutcome,
    CaseState,
    FlagRule,
    Reported,
    ReportRule,
    ReviewCase,
)
from storefront.community.report_forms import RemedyDecisionForm, ReportDecisionForm, StopForm
from storefront.community.selectors import cases as case_selectors
from storefront.community.services import moderation, remedies, stops

logger = structlog.stdlib.get_logger(__name__)


def for_moderators(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Restrict the view to moderators; everybody else, logged in or not, gets a 404. Log every access."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_moderate(request.user):
            raise HiddenPage
        logger.info("moderation.read", user=request.user.public_id, path=request.path)
        return view(request, *args, **kwargs)

    return never_cache(checked)


@require_GET
@for_moderators
def cases(request: PersonRequest) -> HttpResponse:
    """List the open cases; with a filter, any others."""
    form = CasesFilter(request.GET)
    found = case_selectors.cases_by(**(form.cleaned_data if form.is_valid() else {}))
    page = page_of(request, found)
    first = [] if request.GET else case_selectors.gravest_cases()
    shown = [*first, *(case for case in page.rows if case not in first)]
    context = {"form": form, "page": page, "rows": [(case, case_selectors.about(case)) for case in shown]}
    return render(request, "community/moderation_cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def case(request: PersonRequest, case_id: str) -> HttpResponse:
    """Show one case with its evidence, and take the decision."""
    found = case_selectors.case_of(case_id)
    kind = reportables.kind_of(found.reported)
    if kind is not None and kind.page is not None:
        return redirect(kind.page(found.thing_id))
    if request.method != "POST":
        return _page(request, found, _form(found, initial={"seen": _version(found)}))
    if not _may_decide(request, found):
        raise CaseNotYours
    form = _form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        _decide(request, found, form.cleaned_data)
    except SubjectTextChanged as changed:
        found = case_selectors.case_of(case_id)
        form = _form(found, {**request.POST.dict(), "seen": _version(found)})
        form.add_error(None, changed.text)
        return _page(request, found, form, status=changed.status)
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("community:moderation-case", case_id)
    messages.success(request, _("Decision saved and logged."))
    return redirect("community:moderation-cases")


@require_POST
@for_moderators
def stop(request: PersonRequest, case_id: str) -> HttpResponse:
    """Hide what an open case is about for 72 hours."""
    found = case_selectors.case_of(case_id)
    if not permissions.may_stop(request.user, found):
        raise CaseNotYours
    form = StopForm(request.POST, case=found, prefix="stop")
    if not form.is_valid():
        given = _form(found, initial={"seen": _version(found)})
        return _page(request, found, given, status=422, stop_form=form)
    told = {**form.cleaned_data, "rule": ReportRule(form.cleaned_data["rule"])}
    try:
        made = stops.stop(actor=request.user, case=found, at=clock.now(), **told)
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        until = moment(made.ends_at)
        words = _("Hidden until %(until)s. It ends by itself unless someone else decides the case.")
        messages.success(request, words % {"until": until})
    return redirect("community:moderation-case", case_id)


def _form(case: ReviewCase, data: Any = None, **given: Any) -> forms.Form:
    if case.state == CaseState.MENDED:
        return RemedyDecisionForm(data, **given)
    if case.state == CaseState.APPEALED:
        return AppealDecisionForm(data, **given)
    return ReportDecisionForm(data, case=case, **given) if case.reported else DecisionForm(data, **given)


def _page(
    request: PersonRequest, case: ReviewCase, form: forms.Form, *, status: int = 200, stop_form: StopForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "evidence": case_selectors.evidence(case),
        "may_decide": _may_decide(request, case),
    }
    if not case.reported:
        return render(request, "community/moderation_case.html", context, status=status)
    if case.reported == Reported.SHELF:
        context["rows"] = case_selectors.shelf_rows(case)
    context |= {"remedies": case.remedies.select_related("decided_by"), "stop": case_selectors.stop_of(case)}
    if context["stop"] is None and permissions.may_stop(request.user, case):
        context["stop_form"] = stop_form or StopForm(case=case, prefix="stop", initial={"seen": _version(case)})
    kind = reportables.kind_of(case.reported)
    if kind is not None:
        heading = str(kind.words.page_title) % {"title": case.name}
        context |= {"thing": kind.find(case.thing_id), "thing_heading": heading}
    return render(request, "community/moderation_report.html", context, status=status)


def _version(case: ReviewCase) -> str:
    if case.state == CaseState.MENDED:
        return remedies.version_of(case)
    shown = case_selectors.current_subject(case)
    return shown.version if shown is not None else ""


def _may_decide(request: PersonRequest, case: ReviewCase) -> bool:
    if case.state == CaseState.APPEALED:
        return permissions.may_decide_appeal(request.user, case)
    return permissions.may_decide_case(request.user, case)


def _decide(request: PersonRequest, case: ReviewCase, given: dict[str, Any]) -> None:
    common: dict[str, Any] = {"actor": request.user, "case": case, "reason": given["reason"], "seen": given["seen"]}
    if case.state == CaseState.MENDED:
        remedies.decide(is_accepted=given["outcome"] == "accepted", at=clock.now(), **common)
        return
    if case.state == CaseState.APPEALED:
        moderation.decide_appeal(outcome=AppealOutcome(given["outcome"]), at=clock.now(), **common)
        return
    rule = (ReportRule if case.reported else FlagRule)(given["rule"]) if given["rule"] else None
    common["evidence"] = given.get("evidence", "")
    moderation.decide(outcome=CaseOutcome(given["outcome"]), rule=rule, at=clock.now(), **common)
