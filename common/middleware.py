"""Requests with characters that no text may hold are refused; a DomainError that a view let through becomes a page
that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

from common.errors import DomainError


class NulMiddleware:
    """400 for a NUL in the path, the query, a cookie or a field of a form: PostgreSQL keeps none, files have none in
    their names, and nobody types one. Files that come with a form may hold what they like."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get
        if "\0" in request.path_info or "%00" in told("QUERY_STRING", "") or "\\000" in told("HTTP_COOKIE", ""):
            raise BadRequest("NUL")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Where there is a page only: what nobody reads is not parsed."""
        if request.method == "POST" and any("\0" in word for word in _words(request)):
            raise BadRequest("NUL")


def _words(request: HttpRequest) -> Iterator[str]:
    """Names and values of a form's fields; none when whoever sends them is gone, as Django's own middleware has it."""
    try:
        fields = request.POST
    except UnreadablePostError:
        return
    for name, values in fields.lists():
        yield name
        yield from values


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if exception.status == 404:
            return render(request, "errors/404.html", status=404)
        return render(request, "errors/refused.html", {"error": exception}, status=exception.status)
