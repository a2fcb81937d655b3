"""The claimant's pages, behind the signed link of the emails: the claim, and warnings; and the list of an account's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import DomainError
from common.limits import limited
from common.paging import page_of
from storefront.claims import process, selectors
from storefront.claims.forms import AppealForm, EvidenceForm
from storefront.claims.models import Claim, Side
from storefront.claims.process import State
from storefront.claims.selectors import steps
from storefront.claims.services import answers, decisions, endings, filing, links
from storefront.claims.services import conduct as conduct_services
from storefront.claims.views.context import claim_context


@never_cache
@limited("claim_step")
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: VisitorRequest, token: str) -> HttpResponse:
    """Show a claim to whoever has its link: confirm it, uphold it, withdraw it, appeal, and take the money."""
    found = links.claim_at(token)
    evidence = EvidenceForm(request.POST if "evidence" in request.POST else None)
    appeal = AppealForm(request.POST if "appeal" in request.POST else None)
    if request.method == "POST":
        step = _step(request, found, evidence, appeal)
        if step is not None:
            _do(request, *step)
            return redirect("claims:claim", token)
    at = clock.now()
    user = request.user if isinstance(request.user, User) else None
    context = claim_context(found, Side.CLAIMANT) | {
        "needs_confirming": found.state == State.UNCONFIRMED,
        "days": process.CONFIRM.days,
        "may_withdraw": steps.may_withdraw(found),
        "evidence_form": evidence if steps.may_uphold(found, at) else None,
        "appeal_form": appeal if steps.may_appeal(found, Side.CLAIMANT, at) else None,
        "appeal_until": steps.appeal_until(found, Side.CLAIMANT),
        "may_take": steps.may_take(found, at),
        "take_until": steps.take_until(found),
        "is_same_person": user is not None and user.email.lower() == found.email.lower(),
    }
    return render(request, "claims/claim.html", context, status=422 if evidence.errors or appeal.errors else 200)


type _Step = tuple[Callable[[], object], str]


def _step(request: VisitorRequest, found: Claim, evidence: EvidenceForm, appeal: AppealForm) -> _Step | None:
    """Return what the claimant asked for, and what to say once it is done; None for a form that is not complete."""
    at = clock.now()
    if "confirm" in request.POST:
        return lambda: filing.confirm(claim=found, at=at), _("Thank you. Your claim counts now.")
    if "withdraw" in request.POST:
        return lambda: answers.withdraw(claim=found, at=at), _("Your claim is withdrawn.")
    if "take" in request.POST and isinstance(request.user, User):
        user = request.user
        return lambda: endings.take(actor=user, claim=found, at=at), _("The money is yours, and is paid out.")
    if evidence.is_bound and evidence.is_valid():
        words = evidence.cleaned_data["evidence"]
        return lambda: answers.uphold(claim=found, evidence=words, at=at), _("A moderator now decides your claim.")
    if appeal.is_bound and appeal.is_valid():
        words = appeal.cleaned_data["appeal"]
        return (
            lambda: decisions.appeal(actor=found.user, claim=found, side=Side.CLAIMANT, words=words, at=at),
            _("You have appealed. Somebody else decides."),
        )
    return None


def _do(request: VisitorRequest, act: Callable[[], object], done: str) -> None:
    try:
        act()
    except DomainError as problem:
        messages.warning(request, problem.text)
    else:
        messages.success(request, done)


class _SuspensionAppeal(AppealForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["appeal"].help_text = _("Someone who dismissed none of these claims decides.")


@never_cache
@limited("claim_step")
@require_http_methods(["GET", "HEAD", "POST"])
def conduct(request: VisitorRequest, token: str) -> HttpResponse:
    """Show a warning or suspension to the person it is about, and take an appeal against a suspension."""
    notice = links.notice_at(token)
    form: forms.Form = _SuspensionAppeal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words, at = form.cleaned_data["appeal"], clock.now()
        _do(
            request,
            lambda: conduct_services.appeal(notice=notice, words=words, at=at),
            _("You have appealed. Somebody else decides."),
        )
        return redirect("claims:conduct", token)
    context = {"notice": notice, "form": form if conduct_services.may_appeal(notice, clock.now()) else None}
    return render(request, "claims/conduct.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def mine(request: PersonRequest) -> HttpResponse:
    """List the person's claims, and warnings."""
    page = page_of(request, selectors.claims_by(request.user))
    context = {
        "page": page,
        "rows": [(one, links.claim_path(one)) for one in page.rows],
        "notices": [(one, links.notice_path(one)) for one in selectors.notices_of(request.user)],
    }
    return render(request, "claims/mine.html", context)
