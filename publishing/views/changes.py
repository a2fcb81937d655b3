"""Changes since the previous upload or edition: text differences by chapter, and release notes drafted from them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from accounts.requests import VisitorRequest
from publishing import permissions, selectors
from publishing import services as publishing_services
from publishing.forms import NotesForm
from publishing.selectors import Changes, ChapterChange, Comparison
from publishing.views.loading import load_edition
from publishing.views.steps import proof_context
from publishing.views.tabs import Tab

_NAMED_CHAPTERS = 6


@never_cache
def changes(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Show the differences of two texts, and save the notes for readers of the previous edition."""
    edition = load_edition(request, public_id, permissions.require_see)
    comparisons = selectors.comparisons_of(edition)
    before = _chosen(comparisons, request.GET.get("with", ""))
    found = selectors.changes_between(before.job, edition.job) if before is not None else None
    form = NotesForm(request.POST or None, initial={"notes": edition.notes or (_suggested(found) if found else "")})
    if request.method == "POST" and form.is_valid() and request.user.is_authenticated:
        publishing_services.set_notes(actor=request.user, edition=edition, notes=form.cleaned_data["notes"])
        messages.success(request, _("Notes saved."))
        return redirect(f"{reverse('work-changes', args=[public_id])}?with=edition")
    context = proof_context(request.user, edition, "work-changes") | {
        "tabs": [_tab(one, before) for one in comparisons] if len(comparisons) > 1 else [],
        "earlier": before,
        "changes": found,
        "form": form,
    }
    return render(request, "publishing/changes.html", context, status=422 if form.errors else 200)


def _tab(one: Comparison, before: Comparison | None) -> Tab:
    label = _("Since your previous upload")
    if one.name == "edition":
        label = _("Since edition %(number)s") % {"number": one.number}
    return Tab(label, f"?with={one.name}", one == before)


def _chosen(comparisons: list[Comparison], name: str) -> Comparison | None:
    """Return the comparison with this name, or else the first."""
    return next((one for one in comparisons if one.name == name), comparisons[0] if comparisons else None)


def _suggested(found: Changes) -> str:
    """Draft the notes, for the author to edit."""
    changed = found.changed
    if not changed:
        return ""
    lines = [_told(chapter) for chapter in changed[:_NAMED_CHAPTERS]]
    rest = len(changed) - len(lines)
    if rest:
        more = ngettext("%(count)d more chapter changed.", "%(count)d more chapters changed.", rest)
        lines.append(more % {"count": rest})
    return "\n".join(lines)


def _told(chapter: ChapterChange) -> str:
    sentences = {
        "added": _("New: “%(title)s”."),
        "removed": _("Removed: “%(title)s”."),
        "changed": _("Changed: “%(title)s” (+%(added)d, −%(removed)d words)."),
    }
    facts = {"title": chapter.title, "added": chapter.added, "removed": chapter.removed}
    return sentences[chapter.kind] % facts
