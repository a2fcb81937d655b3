"""Paying for a milestone in advance, on the payment provider's page."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from common.limits import limited
from hiring.contracts import permissions, services
from hiring.contracts.forms import PayForm
from hiring.contracts.process import Actor
from hiring.contracts.selectors import cancellations, pages, receipts
from hiring.contracts.services import desk_access
from hiring.funding import services as funding_services


@login_required
@never_cache
@limited("checkout")
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: PersonRequest, contract_id: str, milestone_id: str) -> HttpResponse:
    """Say what is paid and what protects it, then lead to the payment page. Only the client pays."""
    milestone = pages.milestone_for(request.user, contract_id, milestone_id)
    contract = milestone.contract
    if permissions.require_side(request.user, contract) != Actor.CLIENT:
        raise NotAllowed
    form = PayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        parts = [contract.public_id, milestone.public_id]
        at = clock.database_now()
        try:
            services.start_paying(actor=request.user, milestone=milestone, at=at, **form.cleaned_data)
            page = funding_services.start_payment(
                actor=request.user,
                reference=milestone.public_id,
                payer=contract.client,
                title=f"{contract.title}: {milestone.title}",
                amount=milestone.amount,
                return_url=settings.SITE_URL + reverse("contracts:paid", args=parts),
                at=at,
            )
        except DomainError as error:
            if isinstance(error, NotAllowed | NotFound):
                raise
            messages.warning(request, error.text)
            return redirect("contracts:contract", contract_id)
        return redirect(page)
    context = {
        "milestone": milestone,
        "contract": contract,
        "form": form,
        "opens_desk": desk_access.is_given(contract),
        "card_fee": cancellations.rule_of(milestone, clock.now()),
    }
    return render(request, "hiring/contracts/pay.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def receipt(request: PersonRequest, contract_id: str, milestone_id: str) -> HttpResponse:
    """Show the receipt of a milestone's payment to its client."""
    milestone = pages.milestone_for(request.user, contract_id, milestone_id)
    if permissions.require_side(request.user, milestone.contract) != Actor.CLIENT:
        raise NotAllowed
    found = receipts.receipt_of(milestone)
    if found is None:
        raise NotFound
    context = {"receipt": found, "milestone": milestone, "contract": milestone.contract}
    return render(request, "hiring/contracts/receipt.html", context)


@login_required
@never_cache
@require_safe
def paid(request: PersonRequest, contract_id: str, milestone_id: str) -> HttpResponse:
    """Fetch what became of the payment for the client who comes back from its page."""
    milestone = pages.milestone_for(request.user, contract_id, milestone_id)
    permissions.require_side(request.user, milestone.contract)
    funding_services.refresh_payment(reference=milestone.public_id)
    milestone.refresh_from_db(fields=["funded_at"])
    if milestone.funded_at is not None:
        messages.success(request, _("Paid. We hold the money until you accept the work."))
    else:
        messages.info(request, _("We do not have the money yet. If you have paid, it can take a moment."))
    return redirect("contracts:contract", contract_id)
