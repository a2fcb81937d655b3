"""Responses that show a DomainError to people."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from common.errors import DomainError
from common.limits import TooManyRequests


def answers_json[View: Callable[..., HttpResponse]](view: View) -> View:
    """Mark a view for scripts: errors of its requests are JSON with a code and a message, wherever they are found."""
    view.answers_json = True  # type: ignore[attr-defined]  # as csrf_exempt marks a view
    return view


def is_for_script(request: HttpRequest) -> bool:
    """Whether the request is for a view that answers JSON."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "answers_json", False)


def error_response(request: HttpRequest, error: DomainError, *, is_read: bool = True) -> HttpResponse:
    """Return the response to a request that cannot be done. `is_read` says whether its form was read, or may be."""
    if is_for_script(request):
        response = _json_response(error)
    elif isinstance(error, TooManyRequests):
        response = too_many_requests_response(request, error, is_read=is_read)
    elif error.status == 404:
        response = render(request, "errors/404.html", status=404)
    else:
        response = render(request, "errors/domain_error.html", {"error": error}, status=error.status)
    response.refused_by = error  # type: ignore[attr-defined]  # for who writes refusals down, wherever they came from
    return response


def _json_response(error: DomainError) -> HttpResponse:
    response = JsonResponse({"code": error.code, "message": error.text}, status=error.status)
    response["Cache-Control"] = "no-store"
    if isinstance(error, TooManyRequests):
        response["Retry-After"] = str(math.ceil(error.seconds))
    return response


def error_shown_by(response: HttpResponse) -> DomainError | None:
    """Return the error that the response shows, if any."""
    return getattr(response, "refused_by", None)


def too_many_requests_response(request: HttpRequest, error: TooManyRequests, *, is_read: bool = True) -> HttpResponse:
    """Return 429 with `Retry-After`. The page holds what was typed, to send it again; scripts get a sentence."""
    is_form = request.method == "POST" and request.content_type != "application/json"
    if is_form or "text/html" in request.headers.get("Accept", ""):
        facts = {
            "error": error,
            "typed": list(typed_values(request)) if is_read else [],
            "has_files": is_read and request.FILES,
        }
        response = render(request, "429.html", facts, status=429)
    else:
        response = HttpResponse(error.text, content_type="text/plain; charset=utf-8", status=429)
    response["Retry-After"] = str(math.ceil(error.seconds))
    response["Cache-Control"] = "no-store"
    return response


def typed_values(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield names and values of the form, except its token and passwords."""
    if request.method != "POST":
        return
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken" and "password" not in name:
            yield from ((name, value) for value in values)
