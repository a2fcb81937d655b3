"""URLs that add to the cart and remove from it. The cart's page is in `pages`."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.cart.views import carts, code_links

urlpatterns = [
    path("cart/add/", carts.add, name="cart-add"),
    path("cart/remove/", carts.remove, name="cart-remove"),
    path("cart/currency/", carts.change_currency, name="cart-currency"),
    path("cart/price/", carts.choose_price, name="cart-price"),
    path("cart/code/", carts.code, name="cart-code"),
    path("codes/<slug:code>/", code_links.code_link, name="code-link"),
    path("cart/badge/", carts.badge, name="cart-badge"),
    path("books/<slug:slug>/gift/", carts.gift, name="give"),
]
