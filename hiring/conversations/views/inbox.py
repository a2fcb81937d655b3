"""The list of a person's conversations, and the people they blocked."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors as account_selectors
from accounts.requests import PersonRequest
from common.paging import page_of
from hiring.conversations import selectors
from hiring.conversations.forms import InboxFilter
from hiring.conversations.services import blocks


@login_required
@never_cache
@require_safe
def inbox(request: PersonRequest) -> HttpResponse:
    """Show the conversations, those with the newest messages first."""
    form = InboxFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {"text": "", "only_unread": False}
    rows = selectors.memberships_of(request.user, only_unread=asked["only_unread"], text=asked["text"])
    page = page_of(request, rows, key="conversation__newest")
    is_first = not page.newer and not asked["text"]
    elsewhere = selectors.elsewhere_of(request.user, only_news=asked["only_unread"]) if is_first else []
    context = {
        "form": form,
        "is_filtered": bool(asked["only_unread"] or asked["text"]),
        "rows": selectors.inbox_rows(request.user, page.rows),
        "page": page,
        "new_elsewhere": [one for one in elsewhere if one.news],
        "elsewhere": [one for one in elsewhere if not one.news],
        "has_blocked": selectors.blocked_by(request.user).exists(),
    }
    return render(request, "hiring/conversations/inbox.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def blocked(request: PersonRequest) -> HttpResponse:
    """Show whom the person has blocked; take a block back."""
    if request.method == "POST":
        other = account_selectors.person_by_public_id(request.POST.get("person", ""))
        blocks.unblock(actor=request.user, other=other)
        return redirect("conversations:blocked")
    return render(request, "hiring/conversations/blocked.html", {"blocks": selectors.blocked_by(request.user)})
