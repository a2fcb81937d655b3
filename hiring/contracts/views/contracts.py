"""The list of a person's contracts, one contract, the standard terms, delivered files."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.page_cache import public_page
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from hiring import shared_files
from hiring.contracts import services, standard_terms
from hiring.contracts.selectors import pages
from hiring.contracts.selectors.rows import contracts_of
from hiring.shared_files import SharedFile
from royalties.selectors import milestones as ledger

logger = structlog.stdlib.get_logger(__name__)


@login_required
@never_cache
@require_safe
def contract_list(request: PersonRequest) -> HttpResponse:
    """List the person's contracts as client and as provider; what waits for them first."""
    rows = contracts_of(request.user)
    context = {
        "open_rows": [row for row in rows if row.contract.ended_at is None],
        "ended_rows": [row for row in rows if row.contract.ended_at is not None],
        "waiting": sum(row.waits_for_me for row in rows),
    }
    return render(request, "hiring/contracts/contracts.html", context)


@login_required
@never_cache
@require_safe
def contract(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Show one contract: what comes next, milestones with their money and deliveries, terms, and what happened."""
    found = pages.contract_for(request.user, contract_id)
    page = pages.contract_page(request.user, found, clock.database_now())
    if page.side is None:
        logger.info("contracts.read", user=request.user.public_id, contract=found.public_id)
    return render(request, "hiring/contracts/contract.html", {"page": page, "contract": found})


@require_safe
@public_page()
def guide(request: VisitorRequest) -> HttpResponse:
    """Explain to clients and providers how work is found, paid and protected here."""
    context = {
        "days": standard_terms.days_of(standard_terms.CURRENT),
        "terms_version": standard_terms.CURRENT,
        "fees": ledger.published_fees(currencies=settings.HIRING_CURRENCIES, at=clock.now()),
    }
    return render(request, "hiring/contracts/guide.html", context)


@require_safe
@public_page()
def terms(request: VisitorRequest, version: int) -> HttpResponse:
    """Show a version of the standard terms."""
    if version not in standard_terms.versions():
        raise NotFound
    context = {"version": version, "days": standard_terms.days_of(version), "versions": standard_terms.versions()}
    return render(request, f"hiring/contracts/terms/{version}.html", context)


@login_required
@require_POST
@limited("upload")
def make_book(request: PersonRequest, file_id: str) -> HttpResponse:
    """Make the translated book of a delivered text, as its client."""
    found = pages.file_for(request.user, file_id)
    try:
        work = services.make_book(actor=request.user, file=found, at=clock.now())
    except DomainError as error:
        if error.is_refusal or isinstance(error, NotFound):
            raise
        messages.warning(request, error.text)
        return redirect("contracts:contract", found.delivery.milestone.contract.public_id)
    messages.success(request, _("This is a book of its own now, linked to the original."))
    return redirect("work", work.public_id)


@login_required
@require_POST
@limited("cover")
def use_as_cover(request: PersonRequest, file_id: str) -> HttpResponse:
    """Use a delivered picture as the cover of the work, as its client."""
    found = pages.file_for(request.user, file_id)
    contract = found.delivery.milestone.contract
    try:
        work = services.use_as_cover(actor=request.user, file=found, at=clock.now())
    except DomainError as error:
        if error.is_refusal or isinstance(error, NotFound):
            raise
        messages.warning(request, error.text)
        return redirect("contracts:contract", contract.public_id)
    messages.success(request, _("This is the book’s cover now. You can still change it here."))
    return redirect("work-details", work.public_id)


@login_required
@never_cache
@require_safe
def file(request: PersonRequest, file_id: str) -> FileResponse:
    """Download a delivered file, as it was handed over."""
    found = pages.file_for(request.user, file_id)
    return shared_files.attachment(SharedFile(found.file, found.sha256, found.file_name))
