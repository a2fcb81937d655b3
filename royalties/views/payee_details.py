"""Details that providers of services are asked for before their first payout, and finance's look at them on record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotAllowed, NotFound
from royalties import permissions
from royalties.models import PayeeDetails
from royalties.payee_forms import PayeeDetailsForm, PurposeForm
from royalties.selectors import unknown_payees
from royalties.services import payee_details
from royalties.views.decorators import for_contributors, for_finance


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_contributors
def details(request: PersonRequest) -> HttpResponse:
    """Ask who the payee is for tax. What was stated is never shown again: to change it, it is entered again."""
    known = PayeeDetails.objects.filter(user=request.user).first()
    if known is None:
        raise NotFound
    form = PayeeDetailsForm(request.POST or None, initial={"country": request.user.country})
    if request.method == "POST" and form.is_valid():
        payee_details.state(actor=request.user, stated=form.stated, at=clock.database_now())
        messages.success(request, _("Thank you. Your details are stored encrypted, and nothing waits for them now."))
        return redirect("earnings-account")
    context = {"form": form, "details": known}
    return render(request, "royalties/details.html", context, status=422 if form.errors else 200)


@require_safe
@for_finance
def unknown(request: PersonRequest) -> HttpResponse:
    """List whom we owe money and cannot pay, because they have not said who they are, and what to do."""
    context = {
        "payees": unknown_payees.unknown_payees(),
        "may_ask": permissions.may_read_payee_details(request.user),
    }
    return render(request, "finance/unknown_payees.html", context)


@require_POST
@for_finance
def ask(request: PersonRequest, public_id: str) -> HttpResponse:
    """Ask a person for their details by hand."""
    person = User.objects.filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    try:
        payee_details.ask_by_hand(actor=request.user, person=person, at=clock.database_now())
    except DomainError as error:
        if error.is_refusal:
            raise
        messages.error(request, error.text)
    else:
        messages.success(request, _("We have emailed them. Payouts wait until they answer."))
    return redirect("finance-contributor", public_id)


@require_POST
@for_finance
def read(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show what a payee stated, once, for a purpose that goes on record."""
    if not permissions.may_read_payee_details(request.user):
        raise NotAllowed
    person = User.objects.filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    form = PurposeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you need the details."))
        return redirect("finance-contributor", public_id)
    stated = payee_details.read(actor=request.user, person=person, purpose=form.cleaned_data["purpose"])
    return render(request, "finance/payee_details.html", {"person": person, "stated": stated})
