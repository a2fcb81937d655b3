"""The list of a text's chapters, and one chapter with all its blocks."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from conversion.engine.api import OWN_SUFFIX, ArtifactKind, editing
from conversion.models import Artifact, JobState
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.errors import ChapterOrderImpossible, TextOutdated
from publishing.editing.selectors import BuildState, chapters, suggestions
from publishing.editing.services import builds, chapter_changes, own_manuscripts
from publishing.editing.views.contexts import load_text_page, text_context
from publishing.editing.views.editor import editor_data
from publishing.editing.views.shown import shown_blocks
from publishing.models import Edition

_MAX_TITLE = 300
_READING_S = 2  # how soon the browser looks again whether the text has been read


@never_cache
@limited("text")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: VisitorRequest, public_id: str) -> HttpResponse:
    """List the chapters; move, merge, rename and leave them out, and add one to a book that is written here."""
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
        if request.POST.get("action") == "add":
            title = " ".join(request.POST.get("title", "").split())[:_MAX_TITLE] or _("New chapter")
            own_manuscripts.next_manuscript(actor=request.user, work=edition.work, at=clock.now(), chapter=title)
            return redirect("work-text-write", public_id)
        asked = (request.POST.get(name, "") for name in ("action", "chapter", "title"))
        chapter_changes.change_chapters(
            actor=request.user, work=edition.work, change=_wanted(edition, *asked), at=clock.now()
        )
    except DomainError as error:
        return _page(request, edition, refusal=error)
    return redirect("work-text", public_id)


@never_cache
@require_GET
def write(request: VisitorRequest, public_id: str) -> HttpResponse:
    """Open the last chapter to be written, as soon as the text has been read."""
    edition = load_text_page(request, public_id)
    current = selectors.text_of(edition.work)
    lines = chapters.chapter_lines(current) if current is not None else []
    if not lines:
        return _page(request, edition)
    return redirect("work-text-chapter", public_id, lines[-1].id)


@never_cache
@require_GET
def chapter(request: VisitorRequest, public_id: str, chapter_id: str) -> HttpResponse:
    """Show a chapter with a link to the form of each block; the editor takes their place where scripts run."""
    edition = load_text_page(request, public_id)
    current = selectors.text_of(edition.work)
    if current is None:
        return redirect("work-text", public_id)
    document = suggestions.chapter_for(request.user, current, chapter_id)
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
    if context["may_suggest"] and isinstance(request.user, User):
        context["editor"] = editor_data(request.user, edition.work, document["chapter"])
    return render(request, "publishing/editing/chapter.html", context)


@never_cache
@require_GET
def at(request: VisitorRequest, public_id: str, number: int) -> HttpResponse:
    """Open the chapter that has a block, by the block's number in the base; the list where no chapter has it."""
    edition = load_text_page(request, public_id)
    current = selectors.text_of(edition.work)
    chapter_id = chapters.chapter_with(current, f"b{number}") if current is not None else ""
    if not chapter_id:
        return redirect("work-text", public_id)
    return redirect(f"{reverse('work-text-chapter', args=[public_id, chapter_id])}#block-b{number}")


def _wanted(edition: Edition, action: str, chapter_id: str, title: str) -> editing.ChapterOp:
    """Return the change that a form of the list asks for. Raises ChapterOrderImpossible for an unknown one."""
    if action in {"up", "down"}:
        ids = [one.id for one in chapters.chapter_lines(selectors.require_text(edition.work))]
        return editing.MoveChapter(chapter_id, _after(ids, chapter_id, is_up=action == "up"))
    if action == "merge":
        return editing.MergeChapter(chapter_id)
    if action in {"leave_out", "put_back"}:
        return editing.LeaveOut(chapter_id, action == "leave_out")
    if action == "retitle":
        return editing.Retitle(chapter_id, " ".join(title.split())[:_MAX_TITLE])
    raise ChapterOrderImpossible


def _after(ids: Sequence[str], chapter_id: str, *, is_up: bool) -> str | None:
    """Return the chapter that this one is to follow; None where it is to be the first. Raises
    ChapterOrderImpossible."""
    if chapter_id not in ids:
        raise ChapterOrderImpossible
    place = ids.index(chapter_id)
    if (place == 0) if is_up else (place + 1 == len(ids)):
        raise ChapterOrderImpossible
    if is_up:
        return ids[place - 2] if place >= 2 else None
    return ids[place + 1]


def _page(request: VisitorRequest, edition: Edition, *, refusal: DomainError | None = None) -> HttpResponse:
    lines = _lines(edition)
    context = text_context(request, edition)
    context |= {
        "chapters": lines,
        "refusal": refusal.text if refusal is not None else "",
        "may_add": _may_add(request, edition),
        "word_file": _word_file(edition),
    }
    response = render(request, "publishing/editing/text.html", context, status=refusal.status if refusal else 200)
    if context["state"].build == BuildState.READING:
        response["Refresh"] = str(_READING_S)
    return response


def _word_file(edition: Edition) -> Artifact | None:
    """Return the text as DOCX, as its last files have it; None before they are made."""
    return edition.job.artifacts.filter(kind=ArtifactKind.DOCX).first() if edition.job.state == JobState.DONE else None


def _lines(edition: Edition) -> Sequence[editing.ChapterLine]:
    """Return the lines of the chapters; none where the text is not read yet, or has to be read again."""
    current = selectors.text_of(edition.work)
    try:
        return chapters.chapter_lines(current) if current is not None else []
    except TextOutdated:
        builds.renew_base(work=edition.work, at=clock.now())
        return []


def _may_add(request: VisitorRequest, edition: Edition) -> bool:
    """Whether the person may add a chapter: to a book that is written here. Others get theirs from the manuscript."""
    return edition.manuscript.name.endswith(OWN_SUFFIX) and permissions.may_edit(request.user, edition.work)
