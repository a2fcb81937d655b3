"""Disputes and fraud warnings in the finance office."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError, NotFound
from common.paging import page_of
from payments.gateway import GatewayUnknown
from royalties.views.decorators import for_finance
from storefront.checkout import permissions
from storefront.checkout.disputes.services import disputes, evidence, fraud
from storefront.checkout.models import Dispute, EvidencePack, FraudWarning
from storefront.checkout.office import selectors as office
from storefront.checkout.office.forms import AnswerForm, DisputesFilter


@require_GET
@for_finance
def dispute_list(request: PersonRequest) -> HttpResponse:
    """Show disputes, newest first, and those whose response is due."""
    form = DisputesFilter(request.GET)
    found = office.disputes_by(**(form.cleaned_data if form.is_valid() else {}))
    due = [] if request.GET else office.disputes_due()[:50]
    return render(request, "checkout/office/disputes.html", {"form": form, "page": page_of(request, found), "due": due})


@require_GET
@for_finance
def dispute(request: PersonRequest, dispute_id: str) -> HttpResponse:
    """Show one dispute, and the response that would be sent."""
    found = _dispute(dispute_id)
    page = {
        "dispute": found,
        "fields": {name: text for name, text in asdict(evidence.evidence_fields(found, "")).items() if text},
        "documents": evidence.document_context(found),
        "packs": found.packs.defer("receipt", "documentation").select_related("created_by"),
        "may_answer": found.is_answerable and permissions.may_answer_disputes(request.user),
        "form": AnswerForm(),
    }
    return render(request, "checkout/office/dispute.html", page)


@require_POST
@for_finance
def answer(request: PersonRequest, dispute_id: str) -> HttpResponse:
    """Send the evidence, or accept the dispute."""
    found, form = _dispute(dispute_id), AnswerForm(request.POST)
    try:
        if request.POST.get("decision") == "accept":
            disputes.accept_dispute(actor=request.user, dispute=found)
            messages.success(request, _("You have accepted the dispute. The payment provider closes it as lost."))
        elif form.is_valid():
            disputes.answer_dispute(actor=request.user, dispute=found, at=clock.database_now(), **form.cleaned_data)
            messages.success(request, _("The evidence is on its way to the bank."))
    except DomainError as problem:
        messages.error(request, problem.text)
    except GatewayUnknown:
        messages.error(request, _("The payment provider is not responding. Try again in a minute."))
    return redirect("office:dispute", dispute_id)


@require_GET
@for_finance
def document(request: PersonRequest, dispute_id: str, number: int, name: str) -> HttpResponse:
    """Return one document of a response as it was sent."""
    pack = EvidencePack.objects.filter(dispute__public_id=dispute_id, number=number).first()
    if pack is None:
        raise NotFound
    response = HttpResponse(bytes(pack.receipt if name == "receipt" else pack.documentation), "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{dispute_id}-{number}-{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@for_finance
def warning_list(request: PersonRequest) -> HttpResponse:
    """Show fraud warnings, newest first."""
    page = {
        "page": page_of(request, office.warnings_by()),
        "may_decide": permissions.may_answer_disputes(request.user),
    }
    return render(request, "checkout/office/warnings.html", page)


@require_POST
@for_finance
def decide_warning(request: PersonRequest, warning_id: int) -> HttpResponse:
    """Refund a suspected payment, or keep it."""
    warning = FraudWarning.objects.filter(pk=warning_id).first()
    if warning is None:
        raise NotFound
    try:
        gives_back = request.POST.get("decision") == "refund"
        fraud.decide_warning(actor=request.user, warning=warning, gives_back=gives_back, at=clock.database_now())
    except DomainError as problem:
        messages.error(request, problem.text)
    return redirect("office:warnings")


def _dispute(dispute_id: str) -> Dispute:
    found = office.dispute_of(dispute_id)
    if found is None:
        raise NotFound
    return found
