"""Lists of books, narrowed by any facets: each state of the filters is an address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from hashlib import blake2b
from typing import cast

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.public import public_page
from common.limits import lightly_limited
from publishing import thema
from storefront.catalogue.facets import is_in
from storefront.catalogue.selectors import browse
from storefront.catalogue.selectors import catalogue as catalogue_selectors
from storefront.catalogue.selectors.browse import Filters
from storefront.catalogue.selectors.catalogue import ListedState
from storefront.catalogue.selectors.facet_choices import facet_choices
from storefront.catalogue.selectors.facet_counts import FacetCounts, facet_counts
from storefront.catalogue.views import versions
from storefront.catalogue.views.filters import filters_of
from storefront.catalogue.views.jsonld.pages import catalogue_jsonld

_COUNTS_KEPT_SECONDS = 300


@require_safe
@lightly_limited("list")
@public_page(etag=versions.of_listings)
def catalogue(request: HttpRequest) -> HttpResponse:
    """All books, narrowed and sorted as the address says."""
    filters, shop = filters_of(request), catalogue_selectors.listed_state()
    counts = _counts(filters, shop)
    page = browse.catalogue_page(filters, books=counts.total, walked=counts.walked)
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


def _counts(filters: Filters, shop: ListedState) -> FacetCounts:
    """Dear in a large shop, and the same on all pages and in all orders of a list until a listing changes."""
    asked = replace(filters, after="", sort=browse.SORTS[0])
    digest = blake2b(repr(asked).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def counted() -> FacetCounts:
        return facet_counts(asked, languages=shop.languages if asked.language else ())

    found = caches["pages"].get_or_set(f"facets:{shop.version}:{digest}", counted, _COUNTS_KEPT_SECONDS)
    return cast("FacetCounts", found)


def _path_of(filters: Filters) -> str:
    """The page of the filters' subject, or of all books: what search engines are told of instead of narrower ones."""
    return reverse("catalogue:books") + (f"?subject={filters.subject}" if filters.subject else "")


def _feed_of(filters: Filters, languages: Collection[str]) -> str:
    """The address of the feed that comes closest."""
    if filters.subject:
        return reverse("catalogue:feed-subject", args=[filters.subject, "atom"])
    if filters.language and any(is_in(tag, filters.language) for tag in languages):
        return reverse("catalogue:feed-language", args=[filters.language, "atom"])
    return reverse("catalogue:feed-newest", args=["atom"])
