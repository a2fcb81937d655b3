"""The lists of all authors and series."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from storefront.catalogue.views.bundle_list import _LONGEST_CURSOR
from storefront.search.selectors import directories

_LONGEST_QUERY = 100


@require_safe
@public_page()
def people(request: HttpRequest, kind: str) -> HttpResponse:
    """List authors or series, optionally by words of their names. Each state has its own URL."""
    query = request.GET.get("q", "").strip()[:_LONGEST_QUERY]
    after = request.GET.get("after", "")[:_LONGEST_CURSOR]
    page = directories.directory(kind, query=query, after=after)
    context = {"page": page, "kind": kind, "query": query, "after": after}
    return render(request, "search/directory.html", context)
