"""All comments on a text, and what people do with them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import PersonRequest, VisitorRequest
from common import clock
from common.errors import DomainError, NotFound
from common.limits import limited
from common.paging import page_of
from publishing import permissions as publishing_permissions
from publishing.comments import hooks, selectors
from publishing.comments.models import Comment, Thread
from publishing.comments.services import threads as services
from publishing.comments.views.contexts import context_of, is_script, load
from publishing.editing.selectors.chapters import chapter_with
from publishing.models import Work
from publishing.views.loading import load_work
from publishing.views.tabs import Tab


@never_cache
@require_GET
def threads(request: VisitorRequest, public_id: str) -> HttpResponse:
    """List the chapters, and the open threads or, with `?state=resolved`, those that are resolved."""
    edition, text = load(request, public_id)
    if isinstance(request.user, User):
        hooks.notify_seen(request.user, edition.work, clock.now())
    state = "resolved" if request.GET.get("state") == "resolved" else ""
    visible = selectors.visible_threads(request.user, edition.work).order_by("-pk")
    page = page_of(request, visible.resolved() if state else visible.unresolved())
    context = context_of(request, edition) | {
        "chapters": selectors.lines_for(request.user, text),
        "page": page,
        "rows": selectors.shown(request.user, text, page.rows),
        "shown_state": state,
        "tabs": _tabs(edition.work, state),
    }
    return render(request, "comments/threads.html", context)


@never_cache
@require_GET
def at(request: VisitorRequest, public_id: str, thread_id: str) -> HttpResponse:
    """Lead to a thread: in its chapter, or in the list where it has no place there."""
    edition, text = load(request, public_id)
    thread = selectors.thread_by_public_id(request.user, edition.work, thread_id)
    (one,) = selectors.shown(request.user, text, [thread])
    if one.place is not None and not thread.is_resolved:
        chapter = chapter_with(text, one.place.block)
        if chapter in {line.id for line in selectors.lines_for(request.user, text)}:
            return redirect(f"{reverse('comments:in-chapter', args=[public_id, chapter])}#{thread.public_id}")
    state = "?state=resolved" if thread.is_resolved else ""
    return redirect(f"{reverse('comments:threads', args=[public_id])}{state}#{thread.public_id}")


@login_required
@require_POST
@limited("comment")
def change(request: PersonRequest, public_id: str, thread_id: str, action: str) -> HttpResponse:
    """Answer in a thread, resolve or reopen it."""
    work = load_work(request, public_id, publishing_permissions.require_comment)
    thread = selectors.thread_by_public_id(request.user, work, thread_id)
    if action not in {"reply", "resolve", "reopen"}:
        raise NotFound
    try:
        if action == "reply":
            services.reply(actor=request.user, thread=thread, body=request.POST.get("body", ""), at=clock.now())
        elif action == "resolve":
            services.resolve(actor=request.user, thread=thread, at=clock.now())
        else:
            services.reopen(actor=request.user, thread=thread)
    except DomainError as error:
        return _refused(request, work, thread, error)
    return _done(request, work, thread, {"resolve": _("Resolved."), "reopen": _("Reopened.")}.get(action, ""))


@login_required
@require_POST
@limited("comment")
def change_comment(
    request: PersonRequest, public_id: str, thread_id: str, comment_id: str, action: str
) -> HttpResponse:
    """Change or delete a comment."""
    work = load_work(request, public_id, publishing_permissions.require_comment)
    thread = selectors.thread_by_public_id(request.user, work, thread_id)
    comment = selectors.comment_of(thread, comment_id)
    if action not in {"edit", "delete"}:
        raise NotFound
    try:
        if action == "edit":
            body = request.POST.get("body", "")
            services.edit(actor=request.user, comment=comment, body=body, at=clock.now())
        else:
            services.delete(actor=request.user, comment=comment, at=clock.now())
    except DomainError as error:
        return _refused(request, work, thread, error, comment=comment)
    return _done(request, work, thread, _("Deleted.") if action == "delete" else _("Changed."))


def _refused(
    request: PersonRequest, work: Work, thread: Thread, error: DomainError, *, comment: Comment | None = None
) -> HttpResponse:
    """Say why, and keep what was typed."""
    if error.is_refusal or error.status == NotFound.status:
        raise error
    if is_script(request):
        return JsonResponse({"code": error.code, "message": error.text}, status=error.status)
    context = {
        "work": work,
        "thread": thread,
        "comment": comment,
        "refusal": error.text,
        "typed": request.POST.get("body", ""),
        "back": _address(request, work, thread),
    }
    return render(request, "comments/refused.html", context, status=error.status)


def _done(request: PersonRequest, work: Work, thread: Thread, message: str) -> HttpResponse:
    if is_script(request):
        return HttpResponse(status=204)
    if message:
        messages.success(request, message)
    return redirect(_address(request, work, thread))


def _address(request: PersonRequest, work: Work, thread: Thread) -> str:
    """Return the page that the form was on: a chapter, or a list."""
    chapter = request.POST.get("chapter", "")
    if chapter.replace("-", "").replace(".", "").isalnum() and len(chapter) <= 80:
        return f"{reverse('comments:in-chapter', args=[work.public_id, chapter])}#{thread.public_id}"
    state = "?state=resolved" if request.POST.get("state") == "resolved" else ""
    return f"{reverse('comments:threads', args=[work.public_id])}{state}"


def _tabs(work: Work, here: str) -> list[Tab]:
    address = reverse("comments:threads", args=[work.public_id])
    labels = {"": pgettext("comments", "Open"), "resolved": _("Resolved")}
    return [
        Tab(label, f"{address}?state={state}" if state else address, state == here) for state, label in labels.items()
    ]
