"""A chapter as JSON, for the editor: read and saved."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import VisitorRequest
from common import clock
from common.error_pages import answers_json
from common.errors import NotFound
from common.limits import consume, counted_as
from common.middleware import raw_body
from publishing import permissions
from publishing.editing import selectors
from publishing.editing.errors import ChapterInvalid, SaveConflict
from publishing.editing.models import WorkText
from publishing.editing.selectors import margin, suggestions
from publishing.editing.selectors.margin import MarginRow
from publishing.editing.services import suggesting
from publishing.models import Work
from publishing.views.loading import load_edition, load_work


@never_cache
@answers_json
@raw_body
@counted_as("sync")
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: VisitorRequest, public_id: str, chapter_id: str) -> HttpResponse:
    """Return a chapter with the revision of its text, or save one that was read at a revision."""
    if request.method == "POST":
        return _save(request, public_id, chapter_id)
    edition = load_edition(request, public_id, permissions.require_work_on_text)
    text = selectors.require_text(edition.work)
    return JsonResponse(_with_margin(request, text, suggestions.chapter_for(request.user, text, chapter_id)))


def _with_margin(request: VisitorRequest, text: WorkText, document: dict[str, Any]) -> dict[str, Any]:
    """Return a chapter with what is suggested in it, and the addresses to answer at."""
    rows = margin.suggestions_in(text, document, suggestions.text_for(request.user, text))
    may_decide = permissions.may_decide(request.user, text.work)
    return document | {"suggestions": [_suggestion(request, text.work, row, may_decide=may_decide) for row in rows]}


def _suggestion(request: VisitorRequest, work: Work, row: MarginRow, *, may_decide: bool) -> dict[str, Any]:
    correction, author = row.shown.correction, row.shown.correction.author
    is_own = author is not None and author == request.user
    actions = ["accept", "decline"] if may_decide else ["withdraw", "explain"] if is_own else []
    address = {one: reverse("work-correction", args=[work.public_id, correction.public_id, one]) for one in actions}
    return {
        "block": row.block,
        "start": row.start,
        "end": row.end,
        "label": row.shown.label,
        "lead": row.shown.lead,
        "rest": row.shown.rest,
        "before": row.shown.before,
        "after": row.shown.after,
        "reason": correction.patch.reason,
        "own": is_own and not may_decide,
        "author": str(author) if author is not None else correction.get_origin_display(),
        **{f"{name}_url": url for name, url in address.items()},
    }


def _save(request: VisitorRequest, public_id: str, chapter_id: str) -> HttpResponse:
    work = load_work(request, public_id, permissions.require_suggest)
    if not isinstance(request.user, User):  # the permission check lets nobody else pass
        raise NotFound
    consume(request, "text")
    try:
        sent, revision = _read(request)
        saved = suggesting.save_or_suggest(
            actor=request.user,
            work=work,
            chapter_id=chapter_id,
            document=sent,
            revision=revision,
            at=clock.now(),
        )
    except SaveConflict as error:
        found = {"revision": error.revision, "document": error.document, "conflicts": error.conflicts}
        return JsonResponse({"code": error.code, "message": error.text, **found}, status=error.status)
    except ChapterInvalid as error:
        rule = {"code": error.code, "rule": error.facts["rule"], "block": error.block, "message": error.text}
        return JsonResponse(rule, status=error.status)
    document = saved.document
    if document is not None and suggestions.OWN in document:
        document = _with_margin(request, selectors.require_text(work), document)
    return JsonResponse({"revision": saved.revision, "document": document, "suggested": saved.suggested})


def _read(request: VisitorRequest) -> tuple[dict[str, Any], int]:
    """Return the document and the revision that were sent. Raises ChapterInvalid."""
    try:
        value = json.loads(request.body)
        sent, revision = value["document"], value["revision"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ChapterInvalid(rule="request.form") from None
    if not isinstance(sent, dict) or type(revision) is not int or not 0 <= revision < 2**31:
        raise ChapterInvalid(rule="request.form")
    return sent, revision
