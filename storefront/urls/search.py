"""Addresses of search."""

from __future__ import annotations

from django.urls import path

from storefront.views import search

urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggestions, name="search-suggestions"),
]
