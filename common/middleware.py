"""Requests with characters that no text may hold are refused; answers say what a page may load; a DomainError that a
view let through becomes a page that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from common import limits
from common.errors import DomainError
from common.refusals import page_of


def raw_body[View: Callable[..., HttpResponse]](view: View) -> View:
    """Marks a view that reads the body as it came: read as a form it could not be read again."""
    view.takes_raw_body = True  # type: ignore[attr-defined]  # as csrf_exempt marks a view
    return view


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
        """Where there is a page that takes a form: what nobody reads is not parsed."""
        is_form = request.method == "POST" and not getattr(view, "takes_raw_body", False)
        if is_form and any("\0" in word for word in _words(request)):
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


class PermissionsPolicyMiddleware:
    """What a page may ask the browser for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class LimitMiddleware:
    """Every request that changes something counts, whatever else its view counts. Stands behind the check of tokens, so
    that nobody's form is sent from here again that came from elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method in {"GET", "HEAD", "OPTIONS", "TRACE"} or getattr(view, "is_unlimited", False):
            return None
        try:
            limits.consume_lightly(request, "write")
        except limits.TooManyRequests as error:
            return page_of(request, error)
        return None


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_of(request, exception) if isinstance(exception, DomainError) else None
