"""Refunds of milestones that came back from the client's bank, for finance to send again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from hiring.funding import selectors, services
from hiring.funding.forms import ResendForm
from hiring.funding.models import MilestoneRefund
from royalties import permissions
from royalties.views.decorators import for_finance


@require_safe
@for_finance
def refunds(request: PersonRequest) -> HttpResponse:
    """List refunds that a client's bank sent back."""
    context = {
        "refunds": selectors.returned_by_bank(),
        "form": ResendForm(),
        "may_resend": permissions.may_hold_payouts(request.user),
    }
    return render(request, "hiring/funding/refunds.html", context)


@require_POST
@for_finance
def resend(request: PersonRequest, refund_id: str) -> HttpResponse:
    """Record that a returned refund was sent by bank transfer."""
    refund = MilestoneRefund.objects.filter(public_id=refund_id).first()
    if refund is None:
        raise NotFound
    form = ResendForm(request.POST)
    try:
        services.resend_by_bank(
            actor=request.user,
            refund=refund,
            bank_reference=form.cleaned_data["bank_reference"] if form.is_valid() else "",
            at=clock.database_now(),
        )
        messages.success(request, _("Recorded. The client’s money is no longer owed."))
    except DomainError as error:
        if error.is_refusal and not permissions.may_hold_payouts(request.user):
            raise
        messages.error(request, error.text if form.is_valid() else _("Enter the reference of the bank transfer."))
    return redirect("funding:refunds")
