"""Addresses of buying."""

from __future__ import annotations

from django.urls import path

from storefront.views import buying

urlpatterns = [
    path("cart/", buying.cart, name="cart"),
    path("cart/add/", buying.add, name="cart-add"),
    path("cart/remove/", buying.remove, name="cart-remove"),
    path("cart/currency/", buying.change_currency, name="cart-currency"),
    path("cart/badge/", buying.badge, name="cart-badge"),
    path("checkout/", buying.checkout, name="checkout"),
    path("orders/", buying.orders, name="orders"),
    path("orders/<str:order_id>/", buying.order, name="order"),
    path("orders/<str:order_id>/lines/<str:line_id>/refund/", buying.refund, name="order-refund"),
]
