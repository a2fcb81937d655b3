"""The form of a comment on words of one block."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import PersonRequest
from common import clock
from common.errors import DomainError
from common.limits import limited
from publishing import permissions as publishing_permissions
from publishing.comments import selectors
from publishing.comments.forms import CommentForm
from publishing.comments.services import threads
from publishing.comments.views.contexts import context_of, is_script, load
from publishing.editing import document_edits
from publishing.editing.views.shown import shown_blocks

_MAX_GIVEN = 2_000


@login_required
@never_cache
@limited("comment")
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: PersonRequest, public_id: str, chapter_id: str, block_id: str) -> HttpResponse:
    """Show the form, with the words that were selected; or comment on them."""
    edition, text = load(request, public_id, publishing_permissions.require_comment)
    document = selectors.chapter_for(request.user, text, chapter_id)
    found = document_edits.find(document, block_id).block
    given = {name: request.GET.get(name, "")[:_MAX_GIVEN] for name in ("words", "before")}
    form = CommentForm(request.POST or None, initial=given)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            thread = threads.open_thread(
                actor=request.user,
                work=edition.work,
                chapter_id=chapter_id,
                block_id=block_id,
                words_meant=form.cleaned_data["words"],
                before=form.cleaned_data["before"],
                body=form.cleaned_data["body"],
                at=clock.now(),
            )
        except DomainError as error:
            if error.is_refusal:
                raise
            refusal = error
        else:
            if is_script(request):
                return JsonResponse({"thread": str(thread.public_id)})
            messages.success(request, _("Your comment is beside its words."))
            page = reverse("comments:in-chapter", args=[public_id, chapter_id])
            return redirect(f"{page}#{thread.public_id}")
    status = refusal.status if refusal is not None else 422 if form.errors else 200
    if is_script(request):
        first = next((str(errors[0]) for errors in form.errors.values()), "")
        return JsonResponse({"message": refusal.text if refusal is not None else first}, status=status)
    (shown,) = shown_blocks([found], document["objects"])
    context = context_of(request, edition) | {
        "document": document,
        "title": document["attributes"].get("title") or _("Untitled chapter"),
        "block": shown,
        "form": form,
        "refusal": refusal.text if refusal is not None else "",
    }
    return render(request, "comments/block.html", context, status=status)
