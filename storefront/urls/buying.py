"""Addresses of buying."""

from __future__ import annotations

from django.urls import path

from storefront.views import buying, carts, gifts, withdrawals

urlpatterns = [
    path("cart/", carts.cart, name="cart"),
    path("cart/add/", carts.add, name="cart-add"),
    path("cart/remove/", carts.remove, name="cart-remove"),
    path("cart/set-aside/", carts.set_aside, name="cart-set-aside"),
    path("cart/currency/", carts.change_currency, name="cart-currency"),
    path("cart/price/", carts.choose_price, name="cart-price"),
    path("cart/code/", carts.code, name="cart-code"),
    path("cart/badge/", carts.badge, name="cart-badge"),
    path("books/<slug:slug>/gift/", carts.gift, name="give"),
    path("checkout/", buying.checkout, name="checkout"),
    path("orders/", buying.orders, name="orders"),
    path("orders/<str:order_id>/", buying.order, name="order"),
    path("orders/<str:order_id>/withdraw/", withdrawals.withdraw, name="order-withdraw"),
    path("orders/<str:order_id>/lines/<str:line_id>/refund/", buying.refund, name="order-refund"),
    path("gifts/<str:token>/", gifts.gift, name="gift"),
    path("gifts/<str:token>/swap/", gifts.swap, name="gift-swap"),
]
