"""Unsubscribing from emails about a text."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.requests import VisitorRequest
from common import clock
from publishing import selectors as publishing_selectors
from publishing.digests.services import mails


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: VisitorRequest, token: str) -> HttpResponse:
    """Stop the emails about a text: a page with one button, which email programs also post to (RFC 8058). On the page
    it can be taken back.

    The link's signature is the authorization; another site could do no more with the link than its holder.
    """
    user, work = mails.parse_token(token)
    state = ""
    if request.method == "POST" and "again" in request.POST:
        mails.subscribe_again(user=user, work=work, at=clock.now())
        state = "again"
    elif request.method == "POST":
        mails.unsubscribe(user=user, work=work, at=clock.now())
        state = "done"
    elif mails.is_stopped(user=user, work=work):
        state = "done"
    name = publishing_selectors.display_name(work, publishing_selectors.newest_of(work))
    return render(request, "digests/stop.html", {"name": name, "state": state})
