"""The desk's page of a work with the typos that readers found, and the fragment that counts them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest
from common import clock
from common.paging import page_of_list
from publishing import permissions as publishing_permissions
from publishing.editing.errors import AlreadyDecided, CorrectionClashes
from publishing.views.loading import load_edition, load_work
from publishing.views.steps import page_context
from publishing.views.tabs import Tab
from storefront.reading.forms import TypoDecisionForm
from storefront.reading.models import TypoState
from storefront.reading.selectors import typos
from storefront.reading.selectors.typos import Finding, TypoPlace
from storefront.reading.services import typos as typo_services

_OPEN = "open"


@login_required
@never_cache
@require_safe
def findings(request: PersonRequest, work_id: str) -> HttpResponse:
    """List what readers reported, to those who may change the text."""
    edition = load_edition(request, work_id, publishing_permissions.require_edit)
    kinds = _by_kind(typos.findings_of(edition.work))
    here = request.GET.get("show", _OPEN)
    here = here if here in kinds else _OPEN
    labels = {_OPEN: _("To decide"), "corrected": _("Corrected"), "done": _("Done"), "declined": _("Declined")}
    context = page_context(request.user, edition) | {
        "page": page_of_list(request, kinds[here]),
        "show": here,
        "tabs": [Tab(f"{labels[kind]} ({len(found)})", f"?show={kind}", kind == here) for kind, found in kinds.items()],
        "has_any": any(kinds.values()),
    }
    return render(request, "reading/work_typos.html", context)


@login_required
@never_cache
@require_safe
def count(request: PersonRequest, work_id: str) -> HttpResponse:
    """Return a fragment for the work's page: how many typos wait for a decision."""
    work = load_work(request, work_id, publishing_permissions.require_edit)
    found = typos.findings_of(work)
    number = sum(1 for one in found if one.is_open)
    return render(request, "reading/_typo_count.html", {"number": number, "has_any": bool(found), "work": work})


@login_required
@require_POST
def decide(request: PersonRequest, work_id: str, typo_id: str) -> HttpResponse:
    """Mark a typo as done or declined, or open it again."""
    work = load_work(request, work_id, publishing_permissions.require_edit)
    form = TypoDecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    state = TypoState(form.cleaned_data["state"])
    try:
        typo_services.decide(actor=request.user, work=work, report_id=typo_id, state=state, at=clock.now())
    except (AlreadyDecided, CorrectionClashes) as problem:
        messages.error(request, problem.text)
    show = request.POST.get("show", "")
    query = f"?show={show}" if show in {"corrected", "done", "declined"} else ""
    return redirect(reverse("reading:work-typos", args=[work.public_id]) + query)


def _by_kind(found: list[Finding]) -> dict[str, list[Finding]]:
    kinds: dict[str, list[Finding]] = {_OPEN: [], "corrected": [], "done": [], "declined": []}
    for one in found:
        kind = one.state.value if one.state != TypoState.OPEN else _OPEN
        kinds["corrected" if kind == _OPEN and one.place == TypoPlace.CORRECTED else kind].append(one)
    return kinds
