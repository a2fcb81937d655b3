"""Withholding tax: a contributor's forms, and finance's checks of them and payments to the tax office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.paging import page_of
from royalties import permissions
from royalties.forms import RemittanceForm, TaxDecisionForm, TaxFormForm
from royalties.models import Remittance, TaxCertificate
from royalties.selectors import withholding as selectors
from royalties.services import tax_forms, withholding
from royalties.services.tax_forms import SignedForm
from royalties.views.decorators import for_contributors, for_finance


@require_http_methods(["GET", "POST"])
@for_contributors
def tax(request: PersonRequest) -> HttpResponse:
    """Show the current form, its effect and what was withheld so far, and accept a newly signed form."""
    at = clock.now()
    form = TaxFormForm(request.POST or None, initial={"name": str(request.user), "country": request.user.country})
    if request.method == "POST" and form.is_valid():
        try:
            tax_forms.hand_in(actor=request.user, signed=SignedForm(**form.cleaned_data), at=at)
            messages.success(request, _("Thank you. We will check the form and email you."))
            return redirect("earnings-tax")
        except DomainError as problem:
            form.add_error(None, problem.text)
    context = {
        "form": form,
        "tax": selectors.page_of(request.user, at=at),
        "page": page_of(request, selectors.withheld_rows(request.user)),
    }
    return render(request, "royalties/tax.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_finance
def office(request: PersonRequest) -> HttpResponse:
    """Show the forms to check and the tax withheld for the tax office, and propose a payment to it."""
    may_propose = permissions.may_propose_payouts(request.user)
    form = RemittanceForm(request.POST or None)
    if request.method == "POST" and may_propose and form.is_valid():
        try:
            withholding.propose_remittance(
                actor=request.user, amount=form.amount, note=form.cleaned_data["note"], at=clock.database_now()
            )
            messages.success(request, _("Proposed. Another person has to approve it."))
        except DomainError as problem:
            messages.error(request, problem.text)
        return redirect("finance-withholding")
    context = {
        "owed": selectors.owed(),
        "waiting": selectors.certificates(is_waiting=True).exclude(user=request.user),
        "page": page_of(request, selectors.certificates(is_waiting=False)),
        "remittances": selectors.remittances(),
        "form": form,
        "may_propose": may_propose,
        "may_check": permissions.may_check_tax_forms(request.user),
        "may_decide": permissions.may_approve_payouts(request.user),
    }
    return render(request, "finance/withholding.html", context, status=422 if form.errors else 200)


@require_POST
@for_finance
def decide_form(request: PersonRequest, public_id: str) -> HttpResponse:
    """Accept or reject a form, with a reason."""
    certificate = TaxCertificate.objects.filter(public_id=public_id).first()
    if certificate is None:
        raise NotFound
    form = TaxDecisionForm(request.POST)
    try:
        tax_forms.decide(
            actor=request.user,
            certificate=certificate,
            is_accepted=request.POST.get("decision") == "accept",
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            at=clock.database_now(),
        )
    except DomainError as problem:
        messages.error(request, problem.text)
    return redirect("finance-withholding")


@require_POST
@for_finance
def decide_remittance(request: PersonRequest, public_id: str) -> HttpResponse:
    """Approve or decline a payment to the tax office."""
    remittance = Remittance.objects.filter(public_id=public_id).first()
    if remittance is None:
        raise NotFound
    is_approved = request.POST.get("decision") == "approve"
    try:
        withholding.decide_remittance(
            actor=request.user, remittance=remittance, is_approved=is_approved, at=clock.database_now()
        )
    except DomainError as problem:
        messages.error(request, problem.text)
    return redirect("finance-withholding")
