"""Logging out."""

from __future__ import annotations

from functools import wraps

from allauth.account.views import logout
from django.http import HttpRequest, HttpResponse

# Chapters that the browser was allowed to keep are not for the next person. "storage" would take away too much: notes
# that others at this computer have not saved yet, those in samples, and how this browser shows pages. What is this
# person's in there, the page's script deletes.
_LEFT_BEHIND = '"cache"'


@wraps(logout)  # as allauth's own: staff reach it when their session is old
def log_out(request: HttpRequest) -> HttpResponse:
    """Ask, or log out and let the browser forget the pages it has cached."""
    response: HttpResponse = logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = _LEFT_BEHIND
    return response
