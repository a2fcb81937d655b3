"""The list of a text's chapters, and one chapter with all its blocks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.errors import ChapterOrderImpossible
from publishing.editing.selectors import chapters
from publishing.editing.services import builds, chapter_changes
from publishing.editing.views.contexts import load_text_page, text_context
from publishing.editing.views.shown import shown_blocks
from publishing.models import Edition


@never_cache
@limited("text")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: VisitorRequest, public_id: str) -> HttpResponse:
    """List the chapters; move, merge, rename and leave them out."""
    edition = load_text_page(request, public_id)
    if request.method != "POST":
        return _page(request, edition)
    permissions.require_edit_text(request.user, edition.work)
    if not isinstance(request.user, User):  # the permission check lets nobody else pass
        raise NotFound
    try:
        if request.POST.get("action") == "prepare":
            builds.request_base(actor=request.user, work=edition.work, at=clock.now())
            return redirect("work-text", public_id)
        _change(request.user, edition, request.POST.get("action", ""), request.POST.get("chapter", ""), request)
    except DomainError as error:
        return _page(request, edition, refusal=error)
    return redirect("work-text", public_id)


@never_cache
@require_GET
def chapter(request: VisitorRequest, public_id: str, chapter_id: str) -> HttpResponse:
    """Show a chapter with a link to the form of each block; the editor takes their place where scripts run."""
    edition = load_text_page(request, public_id)
    current = selectors.text_of(edition.work)
    if current is None:
        return redirect("work-text", public_id)
    document = chapters.chapter_document(current, chapter_id)
    lines = chapters.chapter_lines(current)
    place = next((number for number, one in enumerate(lines) if one.id == chapter_id), 0)
    objects = document["objects"]
    context = text_context(request, edition) | {
        "document": document,
        "title": document["attributes"].get("title") or _("Untitled chapter"),
        "blocks": shown_blocks(document["blocks"], objects),
        "notes": [
            {"label": note["label"], "blocks": shown_blocks(note["blocks"], objects)} for note in document["notes"]
        ],
        "before": lines[place - 1] if place else None,
        "after": lines[place + 1] if place + 1 < len(lines) else None,
    }
    return render(request, "publishing/editing/chapter.html", context)


def _change(actor: User, edition: Edition, action: str, chapter_id: str, request: VisitorRequest) -> None:
    """Make the change that a form of the list asks for. Raises ChapterOrderImpossible for an unknown one."""
    work, at = edition.work, clock.now()
    if action in {"leave_out", "put_back"}:
        is_left_out = action == "leave_out"
        chapter_changes.leave_out(actor=actor, work=work, chapter_id=chapter_id, is_left_out=is_left_out, at=at)
    elif action == "retitle":
        title = " ".join(request.POST.get("title", "").split())[:300]
        chapter_changes.retitle(actor=actor, work=work, chapter_id=chapter_id, title=title, at=at)
    else:
        raise ChapterOrderImpossible


def _page(request: VisitorRequest, edition: Edition, *, refusal: DomainError | None = None) -> HttpResponse:
    context = text_context(request, edition)
    current = context["state"].text
    context |= {
        "chapters": chapters.chapter_lines(current) if current is not None else [],
        "refusal": refusal.text if refusal is not None else "",
    }
    return render(request, "publishing/editing/text.html", context, status=refusal.status if refusal else 200)
