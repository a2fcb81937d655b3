"""Middleware that lets probes in, refuses NUL characters, sets the permissions policy, limits writing requests and
renders DomainErrors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from common import limits
from common.error_pages import error_response
from common.errors import DomainError


def raw_body[View: Callable[..., HttpResponse]](view: View) -> View:
    """Mark a view that reads the raw body: once parsed as a form, it cannot be read again."""
    view.takes_raw_body = True  # type: ignore[attr-defined]  # as csrf_exempt marks a view
    return view


class ProbeMiddleware:
    """Lets `/healthz` be asked for by the machine's address: balancers know no host names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
        return self.get_response(request)


class NulMiddleware:
    """Returns 400 for a NUL in the path, the query, a cookie or a form field.

    PostgreSQL cannot store one, file names cannot contain one, and nobody types one. Uploaded files may contain
    anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get
        if "\0" in request.path_info or "%00" in told("QUERY_STRING", "") or "\\000" in told("HTTP_COOKIE", ""):
            raise BadRequest("NUL")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Check the form only if the URL resolves to a view: what nobody reads is not parsed."""
        is_form = request.method == "POST" and not getattr(view, "takes_raw_body", False)
        if is_form and any("\0" in word for word in _words(request)):
            raise BadRequest("NUL")


def _words(request: HttpRequest) -> Iterator[str]:
    """Yield names and values of the form's fields; none if the sender has disconnected, as Django does."""
    try:
        fields = request.POST
    except UnreadablePostError:
        return
    for name, values in fields.lists():
        yield name
        yield from values


class PermissionsPolicyMiddleware:
    """Sets which browser features a page may use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class LimitMiddleware:
    """Counts every request that changes something, whatever its view counts.

    It comes after the CSRF check, so that the "try again" page never resubmits a form that came from another site.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method in {"GET", "HEAD", "OPTIONS", "TRACE"} or getattr(view, "is_unlimited", False):
            return None
        try:
            limits.consume_lightly(request, getattr(view, "write_action", "write"))
        except limits.TooManyRequests as error:
            return error_response(request, error)
        return None


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return error_response(request, exception) if isinstance(exception, DomainError) else None
