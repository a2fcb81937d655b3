"""A conversation: its messages, what one writes, its files, and what one does about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors as account_selectors
from accounts.models import User
from accounts.requests import PersonRequest
from common import clock
from common.body_limits import accepts_files
from common.errors import DomainError
from common.limits import limited
from hiring import shared_files
from hiring.conversations import permissions, selectors
from hiring.conversations.forms import MessageForm
from hiring.conversations.models import MAX_FILES, Conversation
from hiring.conversations.services import blocks, messages

_MAX_DIGITS = 18


def _most_bytes() -> int:
    return settings.MAX_MESSAGE_FILE_BYTES * MAX_FILES


def _judge_message(request: HttpRequest, **_place: Any) -> HttpResponseBase | None:
    """Leave the answer to the view for those who are logged in; the others are asked to log in before the body."""
    return None if isinstance(request.user, User) else redirect("account_login")


@login_required
@never_cache
@limited("message")
@accepts_files(_most_bytes, _judge_message, action="message")
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: PersonRequest, public_id: str) -> HttpResponse:
    """Show the messages of a conversation, or send one."""
    conversation = selectors.by_public_id(public_id)
    permissions.require_read(request.user, conversation)
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = messages.post(
                actor=request.user,
                conversation=conversation,
                body=form.cleaned_data["body"],
                files=form.given_files(),
                form_token=form.sent_token(form.cleaned_data["body"], *(one.name for one in form.given_files())),
                at=clock.now(),
            )
        except DomainError as error:
            if error.is_refusal:
                raise
            form.add_error(None, error.text)
        else:
            return redirect(f"{request.path}#{sent.public_id}")
    before = _number(request, "before")
    shown = selectors.thread(request.user, conversation, before=before)
    if not before:
        messages.mark_read(user=request.user, conversation=conversation, until=shown.newest)
    context = _context(shown) | {"form": form, "is_first_page": not before}
    return render(request, "hiring/conversations/thread.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def newer(request: PersonRequest, public_id: str) -> HttpResponse:
    """Return the messages after one, as a fragment for a page that is open."""
    conversation = selectors.by_public_id(public_id)
    shown = selectors.thread(request.user, conversation, after=_number(request, "after"))
    messages.mark_read(user=request.user, conversation=conversation, until=shown.newest)
    return render(request, "hiring/conversations/_messages.html", _context(shown) | {"is_fragment": True})


@login_required
@never_cache
@require_safe
def file(request: PersonRequest, public_id: str, file_id: str) -> FileResponse:
    """Send a file of a message."""
    found = selectors.file_for(request.user, selectors.by_public_id(public_id), file_id)
    return shared_files.attachment(shared_files.SharedFile(found.file, found.sha256, found.name))


@login_required
@never_cache
@limited("message")
@accepts_files(_most_bytes, _judge_message, action="message")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: PersonRequest, person_id: str) -> HttpResponse:
    """Begin a conversation with a person, or lead to the one that there is."""
    other = account_selectors.person_by_public_id(person_id)
    permissions.require_write_to(request.user, other)
    there = selectors.between(request.user, other)
    if request.method != "POST" and there is not None:
        return redirect("conversations:conversation", there.public_id)
    form = MessageForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = messages.write_to(
                actor=request.user,
                other=other,
                body=form.cleaned_data["body"],
                files=form.given_files(),
                form_token=form.sent_token(form.cleaned_data["body"], *(one.name for one in form.given_files())),
                at=clock.now(),
            )
        except DomainError as error:
            if error.is_refusal:
                raise
            form.add_error(None, error.text)
        else:
            return redirect("conversations:conversation", sent.conversation.public_id)
    context = {"form": form, "other": other, "limit_mb": settings.MAX_MESSAGE_FILE_BYTES // (1024 * 1024)}
    return render(request, "hiring/conversations/write.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def mute(request: PersonRequest, public_id: str) -> HttpResponse:
    """Stop or start the emails about a conversation."""
    conversation = selectors.by_public_id(public_id)
    is_muted = request.POST.get("muted") == "1"
    messages.mute(user=request.user, conversation=conversation, is_muted=is_muted)
    return redirect("conversations:conversation", public_id)


@login_required
@never_cache
@require_POST
def block(request: PersonRequest, person_id: str) -> HttpResponse:
    """Block a person."""
    other = account_selectors.person_by_public_id(person_id)
    blocks.block(actor=request.user, other=other, at=clock.now())
    notices.success(request, _("You have blocked %(name)s.") % {"name": other})
    return redirect("conversations:blocked")


def _context(shown: selectors.Thread) -> dict[str, Any]:
    conversation: Conversation = shown.conversation
    return {
        "thread": shown,
        "conversation": conversation,
        "limit_mb": settings.MAX_MESSAGE_FILE_BYTES // (1024 * 1024),
    }


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) <= _MAX_DIGITS else 0
