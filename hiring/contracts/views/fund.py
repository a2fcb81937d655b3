"""The protection fund in the finance office: what is in it, lost disputes, proposals and decisions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from hiring.contracts import permissions
from hiring.contracts.forms import FundNoteForm
from hiring.contracts.models import FundClaim, FundClaimState
from hiring.contracts.selectors import fund as selectors
from hiring.contracts.services import fund as services
from royalties.selectors import protection_fund
from royalties.views.decorators import for_finance

_SHOWN = 50


@require_safe
@for_finance
def overview(request: PersonRequest) -> HttpResponse:
    """Show the fund's balance, what waits for a second person, lost disputes, and what was decided."""
    claims = FundClaim.objects.select_related("milestone__contract__provider", "proposed_by", "decided_by")
    context = {
        "balances": protection_fund.balances(),
        "waiting": claims.filter(state=FundClaimState.PROPOSED),
        "decided": claims.exclude(state=FundClaimState.PROPOSED)[:_SHOWN],
        "lost": [each for each in selectors.lost_disputes(at=clock.now()) if each.claim is None],
        "may_propose": permissions.may_propose_fund_payments(request.user),
        "form": FundNoteForm(),
    }
    return render(request, "hiring/contracts/fund.html", context)


@require_POST
@for_finance
def propose(request: PersonRequest, dispute_id: str) -> HttpResponse:
    """Propose a payment, with what proves the delivery."""
    if not permissions.may_propose_fund_payments(request.user):
        raise NotAllowed
    form = FundNoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what proves the delivery."))
        return redirect("contracts:fund")
    at = clock.database_now()
    try:
        services.propose_payment(
            actor=request.user, dispute_reference=dispute_id, note=form.cleaned_data["note"], at=at
        )
        messages.success(request, _("Proposed. Another person has to approve it."))
    except DomainError as error:
        if error.is_refusal or isinstance(error, NotFound):
            raise
        messages.error(request, error.text)
    return redirect("contracts:fund")


@require_POST
@for_finance
def decide(request: PersonRequest, claim_id: str) -> HttpResponse:
    """Pay or decline what somebody else proposed."""
    claim = FundClaim.objects.select_related("milestone").filter(public_id=claim_id).first()
    if claim is None:
        raise NotFound
    is_approved = request.POST.get("decision") == "approve"
    try:
        services.decide_payment(actor=request.user, claim=claim, is_approved=is_approved, at=clock.database_now())
        messages.success(request, _("Paid from the fund.") if is_approved else _("Declined."))
    except DomainError as error:
        if error.is_refusal or isinstance(error, NotFound):
            raise
        messages.error(request, error.text)
    return redirect("contracts:fund")
