"""The moderators' queue of reviews: what readers flagged, and appeals."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from royalties.views.paging import page_of
from storefront import permissions
from storefront.models import AppealOutcome, CaseOutcome, CaseState, FlagRule, ReviewCase
from storefront.selectors import reviews as review_selectors
from storefront.services import moderation
from storefront.trust_forms import AppealDecisionForm, CasesFilter, DecisionForm

logger = logging.getLogger(__name__)


def for_moderators(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """404 for everybody else, logged in or not. Every look is logged."""

    @wraps(view)
    def checked(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not permissions.may_moderate(request.user):
            raise NotFound
        logger.info("moderation.read user=%s path=%s", request.user.public_id, request.path)
        return view(request, *args, **kwargs)

    return never_cache(checked)


@require_GET
@for_moderators
def cases(request: PersonRequest) -> HttpResponse:
    """Cases that wait, and with a filter all others."""
    form = CasesFilter(request.GET)
    found = review_selectors.cases_by(**(form.cleaned_data if form.is_valid() else {}))
    return render(request, "storefront/moderation_cases.html", {"form": form, "page": page_of(request, found)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def case(request: PersonRequest, case_id: str) -> HttpResponse:
    """One case with its evidence, and the decision."""
    found = review_selectors.case_of(case_id)
    is_appeal = found.state == CaseState.APPEALED
    may_decide = _may_decide(request, found)
    form = (AppealDecisionForm if is_appeal else DecisionForm)(request.POST or None)
    if request.method == "POST":
        if not may_decide:
            raise moderation.CaseNotYours
        if form.is_valid():
            return _decide(request, found, form, is_appeal=is_appeal)
    context = {
        "case": found,
        "form": form,
        "evidence": review_selectors.evidence(found),
        "may_decide": may_decide,
        "is_waiting": found.state in {CaseState.OPEN, CaseState.APPEALED},
    }
    return render(request, "storefront/moderation_case.html", context, status=422 if form.errors else 200)


def _may_decide(request: PersonRequest, case: ReviewCase) -> bool:
    if case.state == CaseState.APPEALED:
        return permissions.may_decide_appeal(request.user, case)
    return permissions.may_decide_case(request.user, case)


def _decide(request: PersonRequest, case: ReviewCase, form: forms.Form, *, is_appeal: bool) -> HttpResponse:
    given = form.cleaned_data
    try:
        if is_appeal:
            moderation.decide_appeal(
                actor=request.user,
                case=case,
                outcome=AppealOutcome(given["outcome"]),
                reason=given["reason"],
                at=clock.now(),
            )
        else:
            moderation.decide(
                actor=request.user,
                case=case,
                outcome=CaseOutcome(given["outcome"]),
                rule=FlagRule(given["rule"]) if given["rule"] else None,
                reason=given["reason"],
                at=clock.now(),
            )
    except DomainError as problem:
        messages.warning(request, problem.text)
        return redirect("moderation-review", case.public_id)
    messages.success(request, _("It is decided and logged."))
    return redirect("moderation-reviews")
