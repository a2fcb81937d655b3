"""One case, for its sides and for who decides it; and the moderators' queue."""

from __future__ import annotations

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, HiddenPage, NotFound
from hiring.contracts import permissions, services
from hiring.contracts.forms import DecisionForm
from hiring.contracts.models import Case
from hiring.contracts.process import State
from hiring.contracts.selectors import pages

logger = structlog.stdlib.get_logger(__name__)


@require_safe
@never_cache
def queue(request: PersonRequest) -> HttpResponse:
    """List the cases that wait for a decision, and those that wait for a side. Moderators only."""
    if not permissions.may_moderate(request.user):
        raise HiddenPage
    logger.info("moderation.read", user=request.user.public_id, path=request.path)
    rows = [(one, _may_decide(request, one)) for one in pages.cases_to_decide()]
    context = {"rows": rows, "others": pages.cases_in_progress(), "now": clock.now()}
    return render(request, "hiring/contracts/cases.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: PersonRequest, case_id: str) -> HttpResponse:
    """Show what a case is about and what both sides say; take a moderator's decision."""
    found = pages.case_for(request.user, case_id)
    side = permissions.side_of(request.user, found.milestone.contract)
    if side is None:
        logger.info("moderation.read", user=request.user.public_id, path=request.path)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        currency=found.milestone.currency,
        most_minor=found.amount_minor,
    )
    if request.method == "POST":
        if side is not None:
            raise NotFound
        if form.is_valid() and _decide(request, found, form):
            messages.success(request, _("Decision saved and logged."))
            return redirect("contracts:cases")
    contract = found.milestone.contract
    page = pages.contract_page(request.user, contract, clock.database_now())
    context = {
        "case": found,
        "contract": contract,
        "page": page,
        "card": next(card for card in page.cards if card.milestone.pk == found.milestone_id),
        "statements": found.statements.select_related("author"),
        "may_decide": _may_decide(request, found),
        "waits_for_decision": found.milestone.state in {State.TO_DECIDE, State.APPEALED} and found.closed_at is None,
        "form": form,
    }
    return render(request, "hiring/contracts/case.html", context, status=422 if form.errors else 200)


def _decide(request: PersonRequest, case: Case, form: DecisionForm) -> bool:
    """Take the decision; return whether it was taken."""
    decide = services.decide_appeal if case.milestone.state == State.APPEALED else services.decide_case
    try:
        decide(
            actor=request.user,
            case=case,
            provider_minor=form.amount_minor,
            reason=form.cleaned_data["reason"],
            at=clock.database_now(),
        )
    except DomainError as error:
        if error.is_refusal or isinstance(error, NotFound):
            raise
        form.add_error(None, error.text)
        return False
    return True


def _may_decide(request: PersonRequest, case: Case) -> bool:
    if case.milestone.state == State.APPEALED:
        return permissions.may_decide_appeal(request.user, case)
    return permissions.may_decide(request.user, case)
