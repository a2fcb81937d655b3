"""URLs of buying. Those for finance are in `office`, under /finance/ and in a namespace of their own."""

from __future__ import annotations

from django.urls import include, path

app_name = "checkout"

urlpatterns = [
    path("", include("storefront.checkout.guests.urls")),
    path("", include("storefront.checkout.cart.urls")),
    path("", include("storefront.checkout.orders.urls")),
    path("", include("storefront.checkout.refunds.urls")),
    path("", include("storefront.checkout.gifts.urls")),
    path("", include("storefront.checkout.coupons.urls")),
    path("", include("storefront.checkout.copies.urls")),
    path("", include("storefront.checkout.preorders.urls")),
    path("", include("storefront.checkout.saved_cards.urls")),
]
