"""The search page, and the suggestions shown while a reader is typing."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.page_cache import public_page
from common.limits import rate_limited_by_network
from publishing import thema
from storefront.catalogue.selectors.browse import SORTS, Filters
from storefront.catalogue.selectors.facet_choices import facet_choices, query_string
from storefront.catalogue.views.filters import filters_of
from storefront.search.query import MAX_QUERY_LENGTH
from storefront.search.selectors import search as search_selectors
from storefront.search.selectors.suggestions import suggest


@require_safe
@rate_limited_by_network("search")
@public_page()
def search(request: HttpRequest) -> HttpResponse:
    """Show the books that match the query, filtered by any facets. Each state has its own URL."""
    filters = filters_of(request, query=_query(request))
    results = search_selectors.search(filters)
    is_narrowed = filters.is_filtered or filters.with_adult
    context = {
        "filters": filters,
        "results": results,
        "choices": facet_choices(filters, results.counts) if results.cards or is_narrowed else None,
        "did_you_mean_address": _address_of(filters, results.did_you_mean) if results.did_you_mean else "",
        "sections": () if results.cards else thema.SECTIONS.items(),
    }
    return render(request, "search/search.html", context)


def _address_of(filters: Filters, query: str) -> str:
    return query_string(replace(filters, query=query, sort=SORTS[0], after=""))


@require_safe
@rate_limited_by_network("suggest")
@public_page()
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return a fragment for the search field: authors, series and books that match so far, often none."""
    return render(request, "search/_suggestions.html", {"found": suggest(_query(request))})


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
