"""Changes since the previous upload or edition: text differences by chapter, and release notes drafted from them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.requests import VisitorRequest
from common import clock
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.changed_chapters import shown_changes
from publishing.forms import NotesForm
from publishing.models import Edition
from publishing.selectors import Comparison
from publishing.selectors.edition_notes import drafted_notes
from publishing.views.loading import load_edition
from publishing.views.steps import proof_context
from publishing.views.tabs import Tab


@never_cache
def changes(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show the differences of two texts, and save the notes for readers of the previous edition."""
    edition = load_edition(request, public_id, permissions.require_see)
    comparisons = selectors.comparisons_of(edition)
    before = _chosen(comparisons, request.GET.get("with", ""))
    context = changes_context(edition, before, only=request.GET.get("chapter", ""))
    form = NotesForm(request.POST or None, initial={"notes": edition.notes or context["drafted"]})
    if request.method == "POST" and form.is_valid() and request.user.is_authenticated:
        publishing_services.set_notes(actor=request.user, edition=edition, notes=form.cleaned_data["notes"])
        messages.success(request, _("Notes saved."))
        return redirect(f"{reverse('work-changes', args=[public_id])}?with=edition")
    context = proof_context(request.user, edition, "work-changes") | context
    context |= {"tabs": [_tab(one, before) for one in comparisons] if len(comparisons) > 1 else [], "form": form}
    return render(request, "publishing/changes.html", context, status=422 if form.errors else 200)


def changes_context(edition: Edition, before: Comparison | None, *, only: str = "") -> dict[str, Any]:
    """Return what changed since a comparison, which a worker is asked for if nobody has compared the two yet."""
    if before is None:
        return {"earlier": None, "changes": None, "is_comparing": False, "drafted": "", "is_edition": True}
    publishing_services.ask_comparison(before=before.job, after=edition.job, at=clock.now())
    found = selectors.changes_between(before.job, edition.job)
    is_edition = found is None or found.is_edition
    notes = drafted_notes(found, language=edition.work.language, is_revision=not is_edition) if found else ""
    return {
        "earlier": before,
        "changes": shown_changes(found, only=only) if found is not None else None,
        "is_comparing": found is None and selectors.is_being_compared(before.job, edition.job),
        "drafted": notes,
        "is_edition": is_edition,
    }


def _tab(one: Comparison, before: Comparison | None) -> Tab:
    label = _("Since your previous upload")
    if one.name == "edition":
        label = _("Since edition %(number)s") % {"number": one.label}
    return Tab(label, f"?with={one.name}", one == before)


def _chosen(comparisons: list[Comparison], name: str) -> Comparison | None:
    """Return the comparison with this name, or else the first."""
    return next((one for one in comparisons if one.name == name), comparisons[0] if comparisons else None)
