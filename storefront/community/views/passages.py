"""Passages of books on sale that stood in other books before, for moderators. Nothing is decided here: a moderator who
finds a copy reports the book, and somebody decides the case."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import PersonRequest
from common.paging import page_of
from publishing.passages.selectors import matches
from storefront.community.models import ReviewCase
from storefront.community.views.moderation import for_moderators


@require_GET
@for_moderators
def unanswered(request: PersonRequest) -> HttpResponse:
    """List the matches whose authors have not answered, most words first."""
    page = page_of(request, matches.awaiting_answer())
    context = {"page": page, "rows": [matches.shown_to_staff(row) for row in page.rows]}
    return render(request, "community/moderation_passages.html", context)


@require_GET
@for_moderators
def match(request: PersonRequest, match_id: str) -> HttpResponse:
    """Show one match side by side, with the author's answer and the cases about the book."""
    row = matches.match_for_moderators(match_id)
    shown = matches.shown_to_staff(row)
    cases = ReviewCase.objects.filter(work=shown.later.book, reported="book").order_by("-pk")
    context = {"shown": shown, "match": row, "cases": cases[:10]}
    return render(request, "community/moderation_passage.html", context)
