"""Addresses of the shop, of buying, of the library, of reading and of the rankings."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("storefront.urls.shop")),
    path("", include("storefront.urls.search")),
    path("", include("storefront.urls.machines")),
    path("", include("storefront.urls.guests")),
    path("", include("storefront.urls.watching")),
    path("", include("storefront.urls.buying")),
    path("", include("storefront.urls.selling")),
    path("", include("storefront.urls.library")),
    path("", include("storefront.urls.reading")),
    path("", include("storefront.urls.trust")),
    path("", include("storefront.urls.shelves")),
    path("", include("storefront.urls.reports")),
    path("", include("storefront.urls.ranking")),
]
