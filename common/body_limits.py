"""Limits on the size of request bodies, by view: a few megabytes, unless the view accepts files.

The declared length decides before any of the body is read: a body of 200 MB costs its sender more than us. A body
without a declared length is refused. Browsers declare it, and so do proxies that buffer requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common import limits
from common.error_pages import error_response, is_for_script
from common.errors import DomainError

_MB = 1024 * 1024
_FIELDS_BYTES = _MB  # for the rest of a form beside its file


# Decides whether the sender may upload a file to this URL: returns a response to use instead, or None. It gets the
# URL's arguments, as a view does, and may raise DomainError.
type Judge = Callable[..., HttpResponseBase | None]


@dataclass(frozen=True, slots=True)
class _Files:
    most: Callable[[], int]
    judge: Judge
    action: str


def accepts_files[View: Callable[..., HttpResponseBase]](
    most: Callable[[], int], judge: Judge, *, action: str = ""
) -> Callable[[View], View]:
    """Mark a view that accepts a file of at most that many bytes, from senders that the judge allows.

    `action` is the rate limit that large bodies count against before they are read (common/limits.py), whatever happens
    to them afterwards.
    """

    def mark(view: View) -> View:
        view.files = _Files(most, judge, action)  # type: ignore[attr-defined]  # as csrf_exempt marks a view
        return view

    return mark


class BodyLimitMiddleware:
    """Refuses bodies that are too large. It must come before anything that reads a form, such as the CSRF check."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH"):
            return _refused(request, settings.MAX_BODY_BYTES, status=411)
        size_bytes = declared_bytes(request)
        if size_bytes <= settings.MAX_BODY_BYTES:
            return None
        files: _Files | None = getattr(view, "files", None)
        if files is None or request.method != "POST":
            return _refused(request, settings.MAX_BODY_BYTES)
        try:
            instead = files.judge(request, **kwargs)
            if instead is None and files.action:
                limits.consume_before_body(request, files.action)
        except DomainError as error:
            return error_response(request, error, is_read=False)
        most = files.most()
        return instead or (_refused(request, most) if size_bytes > most + _FIELDS_BYTES else None)


def declared_bytes(request: HttpRequest) -> int:
    """Return the length that the request declares for its body. Django reads no more, and nothing if it is not a
    number.
    """
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, most: int, *, status: int = 413) -> HttpResponse:
    if is_for_script(request):
        message = _("This is too large to be saved at once.")
        return JsonResponse({"code": "too_large", "message": message}, status=status)
    return render(request, "errors/413.html", {"limit_mb": most // _MB, "is_unknown": status == 411}, status=status)
