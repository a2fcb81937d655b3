"""How much of a request is taken in, by view: a few megabytes, unless the view says that it takes files.

Judged by what the request says of its length, before anything of its body is read: a body of 200 MB costs its sender
more than us. A body whose length is not told is refused; browsers tell it, and so do proxies that take requests in
first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from common import limits
from common.errors import DomainError
from common.refusals import page_of

_MB = 1024 * 1024
_FIELDS_BYTES = _MB  # what the rest of a form may have beside its file


# Whether whoever asks may send a file to this address: a page that leads on instead, or None. Gets the address's parts,
# as a view does, and may raise DomainError.
type Judge = Callable[..., HttpResponseBase | None]


@dataclass(frozen=True, slots=True)
class _Files:
    most: Callable[[], int]
    judge: Judge
    action: str


def takes_files[View: Callable[..., HttpResponseBase]](
    most: Callable[[], int], judge: Judge, *, action: str = ""
) -> Callable[[View], View]:
    """Marks a view that takes a file of so many bytes at most, from whoever the judge lets. `action` is the limit that
    large bodies count for before they are taken in (common/limits.py), whatever becomes of them then."""

    def mark(view: View) -> View:
        view.files = _Files(most, judge, action)  # type: ignore[attr-defined]  # as csrf_exempt marks a view
        return view

    return mark


class BodyLimitMiddleware:
    """Stands before whatever reads a form: the check of tokens does."""

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
                limits.consume_unread(request, files.action)
        except DomainError as error:
            return page_of(request, error, is_read=False)
        most = files.most()
        return instead or (_refused(request, most) if size_bytes > most + _FIELDS_BYTES else None)


def declared_bytes(request: HttpRequest) -> int:
    """How long the request says that its body is. Django reads no more than this, and nothing where it is no number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refused(request: HttpRequest, most: int, *, status: int = 413) -> HttpResponse:
    return render(request, "errors/413.html", {"limit_mb": most // _MB, "is_unknown": status == 411}, status=status)
