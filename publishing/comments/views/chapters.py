"""A chapter in progress with the comments on it: beside its words, for people who read it and for the editor."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.requests import VisitorRequest
from publishing.comments import selectors
from publishing.comments.views.contexts import context_of, is_script, load
from publishing.comments.views.shown import commented_blocks, threads_to_json
from publishing.editing.selectors import suggestions
from publishing.editing.selectors.chapters import block_order


@never_cache
@require_GET
def chapter(request: VisitorRequest, public_id: str, chapter_id: str) -> HttpResponse:
    """Show a chapter with its open threads; as JSON, the threads alone."""
    edition, text = load(request, public_id)
    document = selectors.chapter_for(request.user, text, chapter_id)
    threads = selectors.visible_threads(request.user, edition.work).unresolved()
    # The editor has the text with its user's own suggestions.
    placed = suggestions.text_for(request.user, text) if is_script(request) else None
    found = selectors.shown(request.user, text, threads, placed=placed)
    order = {block: number for number, block in enumerate(block_order(document))}
    here = [one for one in found if one.place is not None and one.place.block in order]
    here.sort(key=lambda one: (order[one.place.block], one.place.start) if one.place is not None else (0, 0))
    if is_script(request):
        return JsonResponse({"threads": threads_to_json(edition.work, here)})
    lines = selectors.lines_for(request.user, text)
    place = next((number for number, one in enumerate(lines) if one.id == chapter_id), 0)
    title = str(document["attributes"].get("title") or "")
    objects = document["objects"]
    context = context_of(request, edition) | {
        "document": document,
        "title": title or _("Untitled chapter"),
        "blocks": commented_blocks(document["blocks"], objects, here),
        "notes": [
            {"label": note["label"], "blocks": commented_blocks(note["blocks"], objects, here)}
            for note in document["notes"]
        ],
        "lost": [one for one in found if one not in here and one.thread.chapter == title and one.place is None],
        "before": lines[place - 1] if place else None,
        "after": lines[place + 1] if place + 1 < len(lines) else None,
    }
    return render(request, "comments/chapter.html", context)
