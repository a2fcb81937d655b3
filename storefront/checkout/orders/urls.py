"""URLs of checkout and of a person's orders. The page of one order is in `pages`."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.orders.views import buy_now, checkout, orders

urlpatterns = [
    path("checkout/", checkout.checkout, name="pay"),
    path("books/<slug:slug>/buy/", buy_now.buy, name="buy"),
    path("orders/", orders.orders, name="orders"),
]
