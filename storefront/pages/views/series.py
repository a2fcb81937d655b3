"""A series' page, and the price of the books that the reader does not own yet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.page_cache import public_page
from storefront.checkout.cart.selectors import series_offer
from storefront.pages.jsonld.pages import series_jsonld
from storefront.pages.selectors import series as series_selectors


@require_safe
@public_page()
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the books of a series in order."""
    page = series_selectors.series_page(slug, with_adult="adult" in request.GET)
    if page is None:
        raise Http404
    return render(request, "pages/series.html", {"page": page, "jsonld": series_jsonld(page)})


@never_cache
@require_safe
def series_rest(request: HttpRequest, slug: str) -> HttpResponse:
    """Return a fragment with the rest of the series for this reader, so that pages are the same for everybody."""
    found = series_offer.series_of(slug)
    user = request.user if isinstance(request.user, User) else None
    rest = series_offer.shown_rest(found, user=user) if found is not None else None
    if rest is None:
        return HttpResponse()
    return render(request, "pages/_series_offer.html", {"slug": slug, "rest": rest})
