"""Public pages of readers' shelves."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from storefront.community.selectors import shelves as shelf_selectors
from storefront.community.views.jsonld import shelf_jsonld


@require_safe
@public_page()
def shelf_list(request: HttpRequest) -> HttpResponse:
    """List public shelves, searched and sorted; each state has its own URL."""
    query, sort = request.GET.get("q", "").strip()[:100], request.GET.get("sort", "")
    sort = sort if sort in shelf_selectors.SORTS else shelf_selectors.SORTS[0]
    after = request.GET.get("after", "")[:40]
    found = shelf_selectors.shelf_list(query=query, sort=sort, after=after)
    context = {"page": found, "query": query, "sort": sort, "after": after}
    return render(request, "community/shelves.html", context)


@require_safe
@public_page()
def shelf(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one shelf: its books, each with the reason for it."""
    page = shelf_selectors.shelf_page(slug, with_adult="adult" in request.GET)
    if page is None:
        raise Http404
    if page.shelf.address != slug:  # the URL dates from when it was unlisted
        return redirect("community:shelf", page.shelf.address)  # not permanent: it may be unlisted again
    return render(request, "community/shelf.html", {"page": page, "jsonld": shelf_jsonld(page)})
