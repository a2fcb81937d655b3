"""The page for front and back pages that are made from the record."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from conversion import selectors as conversion_selectors
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.matter_form import MatterForm
from publishing.models import Edition, EditionState
from publishing.selectors import MatterPreview
from publishing.views.loading import load_edition
from publishing.views.steps import page_context


@dataclass(frozen=True, slots=True)
class MatterSection:
    """The part of the page for one kind: its fields, and how the page will look."""

    kind: str
    switch: BoundField
    words: BoundField
    preview: MatterPreview


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show every kind of page as it will look, and save which the book has."""
    edition = load_edition(request, public_id, permissions.require_edit)
    work = edition.work
    form = MatterForm(request.POST or None, initial=MatterForm.initial_of(selectors.matter_settings(work)))
    if request.method == "POST" and form.is_valid():
        publishing_services.set_matter(actor=request.user, work=work, settings=form.settings(), at=clock.now())
        messages.success(request, _saved(edition))
        return redirect("work-matter", public_id)
    context = page_context(request.user, edition) | {
        "form": form,
        "sections": _sections(edition, form),
        "is_fixed": "pages" in conversion_selectors.facts_of(edition.job),
        "may_build": edition.job.is_finished
        and (selectors.are_files_stale(edition) or selectors.is_matter_outdated(edition)),
    }
    return render(request, "publishing/matter.html", context, status=422 if form.errors else 200)


def _sections(edition: Edition, form: MatterForm) -> list[MatterSection]:
    sections = []
    for preview in selectors.matter_preview(edition):
        name = preview.setting.kind.name.lower()
        sections.append(MatterSection(str(preview.setting.kind), form[f"{name}_on"], form[f"{name}_words"], preview))
    return sections


def _saved(edition: Edition) -> str:
    if edition.state == EditionState.DRAFT:
        return _("Pages saved. We are making the files with them.")
    return _("Pages saved. Your next edition will have them.")
