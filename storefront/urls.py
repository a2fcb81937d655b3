"""URLs of the shop, each app's in its own namespace."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    # Checkout comes first: its guest URLs (`orders/find/`) must match before the page of one order (`orders/<id>/`) in
    # `pages`.
    path("", include("storefront.checkout.urls")),
    path("", include("storefront.pages.urls")),
    path("", include("storefront.catalogue.urls")),
    path("", include("storefront.search.urls")),
    path("", include("storefront.reading.urls")),
    path("", include("storefront.sending.urls")),
    # Own books come before the shelf: `library/own/` is no book's page.
    path("", include("storefront.own_books.urls")),
    path("", include("storefront.shelf.urls")),
    path("", include("storefront.community.urls")),
    path("", include("storefront.newsletters.urls")),
    path("", include("storefront.devices.urls")),
    path("", include("storefront.in_progress.urls")),
    path("", include("storefront.advance_copies.urls")),
    path("", include("storefront.suspensions.urls")),
    path("", include("storefront.claims.urls")),
]
