"""URLs of search, and of the lists of authors and series, which are read from its documents."""

from __future__ import annotations

from django.urls import path

from storefront.search.views import directories, search

app_name = "search"

urlpatterns = [
    path("search/", search.search, name="results"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("series/", directories.people, {"kind": "series"}, name="series-list"),
    path("authors/", directories.people, {"kind": "authors"}, name="author-list"),
]
