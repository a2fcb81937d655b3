"""An author's page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from storefront.catalogue.selectors import authors as author_selectors
from storefront.pages.jsonld.pages import author_jsonld


@require_safe
@public_page()
def author(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a person and their books."""
    with_adult, after = "adult" in request.GET, request.GET.get("after", "")[:40]
    page = author_selectors.author_page(public_id, with_adult=with_adult, after=after)
    if page is None:
        raise Http404
    return render(request, "pages/author.html", {"page": page, "after": after, "jsonld": author_jsonld(page)})
