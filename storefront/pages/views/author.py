"""An author's page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from storefront.catalogue.selectors import authors as author_selectors
from storefront.in_progress import selectors as showings
from storefront.pages.jsonld.pages import author_jsonld


@require_safe
@public_page()
def author(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a person, what they are writing, and their books."""
    with_adult, after = "adult" in request.GET, request.GET.get("after", "")[:40]
    in_progress = showings.on_page_of(public_id, with_adult=with_adult)
    shows_more = bool(in_progress.works or in_progress.hidden)
    page = author_selectors.author_page(public_id, with_adult=with_adult, after=after, shows_more=shows_more)
    if page is None:
        raise Http404
    context = {"page": page, "after": after, "in_progress": in_progress, "jsonld": author_jsonld(page)}
    return render(request, "pages/author.html", context)
