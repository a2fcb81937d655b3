"""Addresses of the shop, each feature's in its namespace."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    # First, since guests' addresses (`orders/find/`) stand before the page of one order (`orders/<id>/`) of the next.
    path("", include("storefront.checkout.urls")),
    path("", include("storefront.pages.urls")),
    path("", include("storefront.catalogue.urls")),
    path("", include("storefront.search.urls")),
    path("", include("storefront.library.urls")),
    path("", include("storefront.community.urls")),
]
