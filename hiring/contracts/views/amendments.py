"""Changes of a contract: proposing one, and answering it."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from hiring.contract_terms import ContractTerms
from hiring.contracts import permissions, services
from hiring.contracts.forms import AmendmentForm
from hiring.contracts.models import Contract
from hiring.contracts.process import State
from hiring.contracts.selectors import pages


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Propose other terms."""
    contract = pages.contract_for(request.user, contract_id)
    permissions.require_side(request.user, contract)
    planned = [one.position for one in contract.milestones.all() if one.state == State.PLANNED]
    form = AmendmentForm(request.POST or None, contract=contract, planned=planned)
    if request.method == "POST" and form.is_valid():
        terms, reason = _terms(contract, form), form.cleaned_data["reason"]
        try:
            services.propose_amendment(
                actor=request.user, contract=contract, terms=terms, reason=reason, at=clock.database_now()
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, _("We have told the other side. The contract changes once they accept."))
            return redirect("contracts:contract", contract_id)
    context = {"contract": contract, "form": form}
    return render(request, "hiring/contracts/amend.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def answer(request: PersonRequest, contract_id: str, amendment_id: str) -> HttpResponse:
    """Accept, decline or withdraw a proposed change."""
    contract = pages.contract_for(request.user, contract_id)
    found = contract.amendments.filter(public_id=amendment_id).first()
    if found is None:
        raise NotFound
    calls = {
        "accept": (services.accept_amendment, _("Accepted. The contract now says this.")),
        "decline": (services.decline_amendment, _("Declined. The contract stays as it is.")),
        "withdraw": (services.withdraw_amendment, _("Withdrawn. The contract stays as it is.")),
    }
    answered = calls.get(request.POST.get("answer", ""))
    if answered is None:
        messages.warning(request, _("Accept the change or decline it."))
        return redirect("contracts:contract", contract_id)
    call, done = answered
    try:
        call(actor=request.user, amendment=found, at=clock.database_now())
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        messages.warning(request, error.text)
    else:
        messages.success(request, done)
    return redirect("contracts:contract", contract_id)


def _terms(contract: Contract, form: AmendmentForm) -> ContractTerms:
    told = form.cleaned_data
    return replace(
        contract.terms,
        scope=told["scope"],
        revision_rounds=told["revision_rounds"],
        revision_days=told["revision_days"],
        milestones=form.milestones,
    )
