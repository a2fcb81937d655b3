"""Redirect old URLs of books to their current ones."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse

from accounts import regions
from publishing import selectors as publishing_selectors

# Names of URL patterns whose `slug` is a book's.
_OF_BOOKS = frozenset(
    {
        "catalogue:book-onix", "catalogue:ranking-fresh", "catalogue:ranking-place", "checkout:give",
        "community:book-report", "community:review", "community:reviews", "community:shelf-add", "reading:read",
        "reading:chapter", "reading:file", "reading:plain", "reading:sample", "reading:sample-chapter",
        "reading:sample-file", "reading:sample-picture", "reading:sample-plain", "pages:book",
        "pages:book-author-share",
    }
)  # fmt: skip
# A book may return to an old slug, so browsers must not cache a redirect for long, or they could loop.
_KEPT_SECONDS = 3600
_MAY_BE_OLD = {HTTPStatus.NOT_FOUND, HTTPStatus.PERMANENT_REDIRECT}


class OldUrlRedirectMiddleware:
    """Redirect old slugs of books: where the answer is a 404, or would be one after the reader's own redirect.

    It comes before the middleware of regions, so that one redirect leads to the right book in the right region. Other
    requests cost nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in _MAY_BE_OLD or request.method not in {"GET", "HEAD"}:
            return response
        moved = _moved(request)
        if not moved:
            return response
        answer = HttpResponsePermanentRedirect(moved)
        answer["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
        return answer


def _moved(request: HttpRequest) -> str:
    """Return the same page at the book's current URL, in the same region; "" if there is none."""
    region, path = regions.split(request.path)
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    if match.view_name not in _OF_BOOKS or "slug" not in match.kwargs:
        return ""
    slug = publishing_selectors.slug_moved_to(match.kwargs["slug"])
    if not slug:
        return ""
    with regions.active(region or regions.default()):
        moved = regions.reader_path(reverse(match.view_name, kwargs={**match.kwargs, "slug": slug}))
    query = urlencode(list(request.GET.lists()), doseq=True)
    return moved + (f"?{query}" if query else "")
