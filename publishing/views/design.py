"""The page for choosing the interior design, with a preview of the work's own text in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import PersonRequest
from common import clock
from common.limits import limited
from conversion import proof_archives
from conversion import selectors as conversion_selectors
from conversion.engine.api import DESIGNS
from conversion.models import JobState
from conversion.proof_archives import DesignPreview
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import DesignForm
from publishing.models import Edition, EditionState, Work
from publishing.services.design import PREVIEW_TARGETS
from publishing.views.labels import design_words, target_name
from publishing.views.loading import load_edition
from publishing.views.steps import page_context, proof_context
from publishing.views.tabs import Tab

# Source formats that may bring a design of their own.
_DESIGNED = ("epub", "html")


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A picture of one preview page."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class DesignCard:
    name: str
    label: str
    about: str
    is_chosen: bool
    leaves: list[PreviewPage]


@login_required
@never_cache
def design(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the designs with their preview pages, and save the choice."""
    edition = load_edition(request, public_id, permissions.require_edit)
    work = edition.work
    form = DesignForm(request.POST or None, initial=_initial(work))
    if request.method == "POST" and form.is_valid():
        publishing_services.choose_design(actor=request.user, work=work, at=clock.now(), **form.cleaned_data)
        messages.success(request, _kept(edition))
        return redirect("work-design", public_id)
    context = proof_context(request.user, edition, "work-design") | _context(
        edition, form, request.GET.get("target", "")
    )
    return render(request, "publishing/design.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
@limited("make")
def preview(request: PersonRequest, public_id: str) -> HttpResponse:
    """Request the first pages of the work in every design."""
    edition = load_edition(request, public_id, permissions.require_edit)
    publishing_services.request_preview(actor=request.user, work=edition.work, at=clock.now())
    return redirect("work-design", public_id)


@login_required
@never_cache
@require_GET
def status(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return the part of the page that waits for preview pictures; 204 while there is nothing new."""
    edition = load_edition(request, public_id, permissions.require_edit)
    job = selectors.designs_job(edition.work, edition)
    if job is not None and not job.is_finished:
        return HttpResponse(status=204)
    form = DesignForm(initial=_initial(edition.work))
    context = page_context(request.user, edition, "work-proof") | _context(edition, form, request.GET.get("target", ""))
    return render(request, "publishing/design.html#designs", context)


def _kept(edition: Edition) -> str:
    if edition.state == EditionState.DRAFT:
        return _("Design saved. We are making the files with it.")
    return _("Design saved. Your next edition will use it.")


def _initial(work: Work) -> dict[str, Any]:
    return {"design": work.design, "keep_design": work.keep_design, "embed_fonts": work.embed_fonts}


def _context(edition: Edition, form: DesignForm, target: str) -> dict[str, Any]:
    work = edition.work
    job = selectors.designs_job(work, edition)
    found = proof_archives.design_preview(job) if job is not None and job.state == JobState.DONE else None
    target = target if target in PREVIEW_TARGETS else PREVIEW_TARGETS[0]
    chosen = form["design"].value() or work.design
    return {
        "is_fixed": "pages" in conversion_selectors.facts_of(edition.job),
        "form": form,
        "target": target,
        "tabs": [Tab(target_name(name), f"?target={name}", name == target) for name in PREVIEW_TARGETS],
        "cards": [_card(edition, name, found, target, is_chosen=name == chosen) for name in DESIGNS],
        "chapter": found.chapter if found is not None else "",
        "has_preview": found is not None,
        "is_waiting": job is not None and not job.is_finished,
        "has_failed": job is None and work.preview_job is not None and work.preview_job.state == JobState.FAILED,
        "can_preview": selectors.can_preview_designs(edition),
        "may_keep_design": edition.job.result.source_format in _DESIGNED,
    }


def _card(edition: Edition, name: str, found: DesignPreview | None, target: str, *, is_chosen: bool) -> DesignCard:
    label, about = design_words(name)
    leaves = []
    if found is not None:
        address = [edition.work.public_id, found.artifact.public_id]
        for one in found.pages.get(name, {}).get(target, ()):
            leaves.append(PreviewPage(reverse("work-picture", args=[*address, one.file]), one.width, one.height))
    return DesignCard(name, label, about, is_chosen, leaves)
