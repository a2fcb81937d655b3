"""The moderators' pages: what waits until when, a claim with both sides, and appeals against suspensions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.paging import page_of
from storefront.claims import permissions, process, selectors
from storefront.claims.errors import NotYourClaim
from storefront.claims.forms import AppealDecisionForm, ConductDecisionForm, DecisionForm, LookForm
from storefront.claims.models import Claim, ConductNotice, HoldState
from storefront.claims.process import Act, Actor, State
from storefront.claims.selectors import conduct as conduct_selectors
from storefront.claims.services import conduct as conduct_services
from storefront.claims.services import decisions, holds
from storefront.claims.views.context import claim_context, rows_of
from storefront.community.errors import SubjectTextChanged
from storefront.community.selectors import cases
from storefront.community.views.moderation import for_moderators


@require_GET
@for_moderators
def queue(request: PersonRequest) -> HttpResponse:
    """List what waits for a moderator, what is due first, and all claims."""
    context = {
        "waiting": selectors.waiting(clock.now()),
        "notices": selectors.appealed_notices(),
        "page": page_of(request, selectors.others()),
    }
    return render(request, "claims/moderation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def claim(request: PersonRequest, claim_id: str) -> HttpResponse:
    """Show a claim with the passages side by side; look at it, decide it, or decide an appeal."""
    found = selectors.claim_of(claim_id)
    look, ruling = _look_form(request, found), _ruling_form(request, found)
    if request.method == "POST":
        if not _may_act(request, found):
            raise NotYourClaim
        form = look if "look-hold" in request.POST else ruling
        if form is not None and form.is_valid() and _done(request, found, form):
            return redirect("claims:moderation")
        if form is None:
            messages.warning(request, _("The claim has gone on since. See its current state."))
            return redirect("claims:moderation-claim", claim_id)
    errors = (look is not None and look.errors) or (ruling is not None and ruling.errors)
    context = claim_context(found, None) | {
        "look_form": look,
        "ruling_form": ruling,
        "ruling_rows": rows_of(found.passages, ruling.chosen) if ruling is not None else [],
        "may_act": _may_act(request, found),
        "is_appeal": found.state == State.APPEALED,
        "dismissed": conduct_selectors.dismissed(found.user, found.email, clock.now()),
        "is_known": conduct_selectors.is_known(found.user),
        "others": selectors.claims_on(found.work).exclude(pk=found.pk)[:10],
    }
    return render(request, "claims/moderation_claim.html", context, status=422 if errors else 200)


def _look_form(request: PersonRequest, found: Claim) -> LookForm | None:
    if not process.allows(State(found.state), Actor.MODERATOR, Act.LOOK) or found.hold.state != HoldState.LOOK:
        return None
    return LookForm(request.POST if "look-hold" in request.POST else None, prefix="look")


def _ruling_form(request: PersonRequest, found: Claim) -> DecisionForm | AppealDecisionForm | None:
    kinds: dict[str, type[DecisionForm | AppealDecisionForm]] = {
        State.DECIDING: DecisionForm,
        State.APPEALED: AppealDecisionForm,
    }
    if found.state not in kinds:
        return None
    is_sent = request.method == "POST" and "look-hold" not in request.POST
    return kinds[found.state](request.POST if is_sent else None, claim=found, initial={"seen": _version(found)})


def _version(found: Claim) -> str:
    shown = cases.current_subject(found.case) if found.case is not None else None
    return shown.version if shown is not None else ""


def _may_act(request: PersonRequest, found: Claim) -> bool:
    if found.state == State.APPEALED:
        return permissions.may_decide_appeal(request.user, found)
    return permissions.may_moderate(request.user, found)


def _done(request: PersonRequest, found: Claim, form: forms.Form) -> bool:
    """Do what the form says; show in it what stands in the way."""
    given, at = form.cleaned_data, clock.now()
    try:
        if isinstance(form, LookForm):
            holds.look(actor=request.user, claim=found, is_held=given["hold"] == "yes", reason=given["reason"], at=at)
        else:
            common: dict[str, Any] = {"actor": request.user, "claim": found, "won": given["won"], "at": at}
            common |= {"reason": given["reason"], "seen": given["seen"]}
            if isinstance(form, DecisionForm):
                decisions.decide(evidence=given["evidence"], **common)
            else:
                decisions.decide_appeal(**common)
    except NotYourClaim:
        raise
    except DomainError as problem:
        if isinstance(problem, SubjectTextChanged):
            form.data = request.POST.copy()
            form.data["seen"] = _version(found)
        form.add_error(None, problem.text)
        return False
    messages.success(request, _("Saved and logged. Both sides are told."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def conduct(request: PersonRequest, notice_id: str) -> HttpResponse:
    """Show a suspension with its claims, and take the decision about an appeal."""
    rows = ConductNotice.objects.select_related("user", "appeal_decided_by").prefetch_related("claims__work")
    notice = get_object_or_404(rows, public_id=notice_id)
    form = ConductDecisionForm(request.POST or None)
    may_decide = conduct_services.may_decide(request.user, notice)
    if request.method == "POST":
        if not may_decide:
            raise NotYourClaim
        if form.is_valid():
            _decide_conduct(request, notice, form)
            return redirect("claims:moderation")
    is_waiting = notice.appealed_at is not None and notice.appeal_decided_at is None
    context = {"notice": notice, "form": form if is_waiting else None, "may_decide": may_decide}
    return render(request, "claims/moderation_conduct.html", context, status=422 if form.errors else 200)


def _decide_conduct(request: PersonRequest, notice: ConductNotice, form: ConductDecisionForm) -> None:
    given = form.cleaned_data
    try:
        conduct_services.decide_appeal(
            actor=request.user,
            notice=notice,
            is_lifted=given["outcome"] == "lifted",
            reason=given["reason"],
            at=clock.now(),
        )
    except NotYourClaim:
        raise
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, _("Decision saved and logged."))
