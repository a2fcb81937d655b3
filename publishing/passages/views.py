"""Passages that a work shares with others: what was found, side by side, and the author's answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.limits import limited
from publishing import permissions
from publishing.passages.forms import AnswerForm
from publishing.passages.models import Answer
from publishing.passages.selectors import matches
from publishing.passages.services import answers
from publishing.views.loading import load_edition
from publishing.views.steps import page_context

_MOST_SHOWN = 100


@never_cache
@require_GET
def work(request: VisitorRequest, public_id: str) -> HttpResponse:
    """List the books that have words of this one: those that had them before, and those that had them later."""
    edition = load_edition(request, public_id, permissions.require_see)
    found = edition.work
    context = page_context(request.user, edition) | {
        "earlier": [matches.shown(row, found) for row in matches.in_work(found)[:_MOST_SHOWN]],
        "later": [matches.shown(row, found) for row in matches.elsewhere(found)[:_MOST_SHOWN]],
        "is_compared": matches.is_compared(edition),
    }
    return render(request, "publishing/passages/work.html", context)


@never_cache
@limited("passages")
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: PersonRequest, public_id: str, match_id: str) -> HttpResponse:
    """Show the passages side by side, and take the answer of the owner of the later text."""
    edition = load_edition(request, public_id, permissions.require_see)
    row = matches.match_for(request.user, edition.work, match_id)
    shown = matches.shown(row, edition.work)
    given = {"answer": row.answer, "explanation": row.explanation}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        answers.answer_match(
            actor=request.user,
            match=row,
            answer=Answer(form.cleaned_data["answer"]),
            explanation=form.cleaned_data["explanation"],
            at=clock.now(),
        )
        messages.success(request, _("Answer saved."))
        return redirect("passages:match", public_id, match_id)
    context = page_context(request.user, edition) | {
        "shown": shown,
        "match": row,
        "is_later": shown.is_later,
        "may_answer": shown.is_later and matches.may_answer(request.user, row),
        "may_claim": not shown.is_later and shown.is_on_sale and permissions.may_publish(request.user, edition.work),
        "form": form,
    }
    return render(request, "publishing/passages/match.html", context, status=422 if form.errors else 200)
