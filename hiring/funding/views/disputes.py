"""Disputes of clients' banks about milestones, and what we answer, for finance."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.paging import page_of
from hiring.funding import selectors, services
from hiring.funding.models import BankDispute, MilestoneEvidence
from hiring.funding.services import evidence
from payments.gateway import GatewayUnknown
from royalties.views.decorators import for_finance
from storefront.checkout import permissions
from storefront.checkout.office.forms import AnswerForm


@require_safe
@for_finance
def dispute_list(request: PersonRequest) -> HttpResponse:
    """Show disputes, newest first, and those whose response is due."""
    context = {"page": page_of(request, selectors.disputes()), "due": selectors.disputes_due()[:50]}
    return render(request, "hiring/funding/disputes.html", context)


@require_safe
@for_finance
def dispute(request: PersonRequest, dispute_id: str) -> HttpResponse:
    """Show one dispute, and the response that would be sent."""
    found = _dispute(dispute_id)
    context = {
        "dispute": found,
        "besides": found.payment.disputes.exclude(pk=found.pk).order_by("pk"),
        "is_delivered": evidence.is_delivered(found),
        "fields": {name: text for name, text in asdict(evidence.evidence_fields(found, "")).items() if text},
        "packs": found.packs.defer("receipt", "documentation").select_related("created_by"),
        "may_answer": found.is_answerable and permissions.may_answer_disputes(request.user),
        "form": AnswerForm(),
    }
    return render(request, "hiring/funding/dispute.html", context)


@require_POST
@for_finance
def answer(request: PersonRequest, dispute_id: str) -> HttpResponse:
    """Send the evidence, or accept the dispute."""
    found, form = _dispute(dispute_id), AnswerForm(request.POST)
    try:
        if request.POST.get("decision") == "accept":
            services.accept_dispute(actor=request.user, dispute=found)
            messages.success(request, _("You have accepted the dispute. The payment provider closes it as lost."))
        elif form.is_valid():
            services.answer_dispute(actor=request.user, dispute=found, at=clock.database_now(), **form.cleaned_data)
            messages.success(request, _("The evidence is on its way to the bank."))
        else:
            messages.error(request, _("Your explanation is too long. Nothing was sent."))
    except DomainError as problem:
        if problem.is_refusal:
            raise
        messages.error(request, problem.text)
    except GatewayUnknown:
        messages.error(request, _("The payment provider is not responding. Try again in a minute."))
    return redirect("funding:dispute", dispute_id)


@require_safe
@for_finance
def document(request: PersonRequest, dispute_id: str, number: int, name: str) -> HttpResponse:
    """Return one document of a response as it was sent."""
    rows = MilestoneEvidence.objects.filter(dispute__provider_dispute_id=dispute_id, number=number)
    pack = rows.first()
    if pack is None:
        raise NotFound
    response = HttpResponse(bytes(pack.receipt if name == "receipt" else pack.documentation), "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{dispute_id}-{number}-{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _dispute(dispute_id: str) -> BankDispute:
    found = selectors.disputes().filter(provider_dispute_id=dispute_id).first()
    if found is None:
        raise NotFound
    return found
