"""Search in a book, for as long as the reader's script has not loaded the text."""

from __future__ import annotations

from dataclasses import astuple

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import VisitorRequest
from common.limits import rate_limited_by_network
from storefront.reading.selectors.book_search import search_book
from storefront.reading.selectors.books import Reading
from storefront.reading.views.access import full_book, sample_or_404

MAX_QUERY_LENGTH = 200


@never_cache
@require_safe
@rate_limited_by_network("search")
def search(request: VisitorRequest, slug: str) -> JsonResponse:
    """Return where the words are in the book, to those who may read it."""
    found = full_book(request, slug, request.GET.get("edition", ""))
    if found is None:
        raise Http404
    return _answer(request, found[0])


@never_cache
@require_safe
@rate_limited_by_network("search")
def sample_search(request: HttpRequest, slug: str) -> JsonResponse:
    """Return where the words are in the sample, to anybody."""
    return _answer(request, sample_or_404(slug, request.GET.get("edition", "")))


def _answer(request: HttpRequest, reading: Reading) -> JsonResponse:
    found = search_book(reading.book.file, request.GET.get("q", "")[:MAX_QUERY_LENGTH])
    return JsonResponse({"count": found.count, "hits": [astuple(hit) for hit in found.hits]})
