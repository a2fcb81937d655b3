"""Lists of books, filtered by any facets. Each combination of filters has its own URL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.limits import rate_limited_by_network
from publishing import thema
from storefront.catalogue.facets import is_in
from storefront.catalogue.selectors import browse
from storefront.catalogue.selectors import shop_state as catalogue_selectors
from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.facet_choices import facet_choices
from storefront.catalogue.selectors.facet_counts import facet_counts
from storefront.catalogue.views import versions
from storefront.catalogue.views.filters import filters_of
from storefront.catalogue.views.jsonld.pages import catalogue_jsonld


@require_safe
@rate_limited_by_network("list")
@public_page(etag=versions.of_listings)
def catalogue(request: HttpRequest) -> HttpResponse:
    """List all books, filtered and sorted as the URL says."""
    filters, shop = filters_of(request), catalogue_selectors.listed_state()
    counts = facet_counts(filters)
    page = browse.catalogue_page(filters, books=counts.total)
    subject = thema.label(filters.subject)
    heading, path = str(subject or _("Books")), _path_of(filters)
    context = {
        "filters": filters,
        "is_narrower": filters != Filters(subject=filters.subject),
        "heading": heading,
        "subject_label": subject,
        "path": path,
        "page": page,
        "total": counts.total,
        "choices": facet_choices(replace(filters, after=""), counts),
        "feed": _feed_of(filters, shop.languages),
        "jsonld": catalogue_jsonld(page.cards, name=heading, path=path),
    }
    return render(request, "catalogue/catalogue.html", context)


def _path_of(filters: Filters) -> str:
    """Return the canonical path: the page of the filters' subject, or of all books."""
    return reverse("catalogue:books") + (f"?subject={filters.subject}" if filters.subject else "")


def _feed_of(filters: Filters, languages: Collection[str]) -> str:
    """Return the URL of the feed that matches the filters most closely."""
    if filters.subject:
        return reverse("catalogue:feed-subject", args=[filters.subject, "atom"])
    if filters.language and any(is_in(tag, filters.language) for tag in languages):
        return reverse("catalogue:feed-language", args=[filters.language, "atom"])
    return reverse("catalogue:feed-newest", args=["atom"])
