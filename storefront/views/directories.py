"""Lists of all authors, series and bundles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from storefront.selectors import directories
from storefront.views.public import public_page

_LONGEST_QUERY = 100
_LONGEST_CURSOR = 40


@require_safe
@public_page()
def people(request: HttpRequest, kind: str) -> HttpResponse:
    """Authors or series, by words of their names; each state is an address."""
    query = request.GET.get("q", "").strip()[:_LONGEST_QUERY]
    after = request.GET.get("after", "")[:_LONGEST_CURSOR]
    page = directories.directory(kind, query=query, after=after)
    context = {"page": page, "kind": kind, "query": query, "after": after}
    return render(request, "storefront/directory.html", context)


@require_safe
@public_page()
def bundles(request: HttpRequest) -> HttpResponse:
    """Books that are sold together."""
    after = request.GET.get("after", "")[:_LONGEST_CURSOR]
    context = {"page": directories.bundle_list(after=after), "after": after}
    return render(request, "storefront/bundle_list.html", context)
