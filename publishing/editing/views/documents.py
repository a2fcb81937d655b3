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
from publishing.editing.selectors import chapters, margin
from publishing.editing.services import saving
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
    found = chapters.chapter_document(text, chapter_id)
    return JsonResponse(found | {"suggestions": _suggestions(request, edition.work, text, found)})


def _suggestions(request: VisitorRequest, work: Work, text: WorkText, document: dict[str, Any]) -> list[dict[str, str]]:
    """Return what others suggest in the chapter, with the addresses to answer at for those who decide."""
    may_decide = permissions.may_decide(request.user, work)
    rows = []
    for block, row in margin.suggestions_in(text, document):
        one = {"block": block, "before": row.before, "after": row.after, "reason": row.correction.patch.reason}
        author = row.correction.author
        one["author"] = str(author) if author is not None else row.correction.get_origin_display()
        if may_decide:
            for name, action in (("accept_url", "accept"), ("decline_url", "decline")):
                one[name] = reverse("work-correction", args=[work.public_id, row.correction.public_id, action])
        rows.append(one)
    return rows


def _save(request: VisitorRequest, public_id: str, chapter_id: str) -> HttpResponse:
    work = load_work(request, public_id, permissions.require_suggest)
    if not isinstance(request.user, User):  # the permission check lets nobody else pass
        raise NotFound
    consume(request, "text")
    try:
        sent, revision = _read(request)
        saved = saving.save_or_suggest(
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
    return JsonResponse({"revision": saved.revision, "document": saved.document, "suggested": saved.suggested})


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
