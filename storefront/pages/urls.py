"""URLs of pages that combine several features, and of sitemaps and robots.txt."""

from __future__ import annotations

from django.urls import path

from storefront.pages.views import (
    author,
    book,
    book_changes,
    bundle,
    cart,
    front,
    menu,
    order,
    order_paid,
    publish,
    series,
    sitemaps,
)

app_name = "pages"

urlpatterns = [
    path("", front.front, name="front"),
    path("books/<slug:slug>/", book.book, name="book"),
    path("books/<slug:slug>/net/", book.net, name="book-author-share"),
    path("books/<slug:slug>/changes/", book_changes.changes, name="book-changes"),
    path("bundles/<slug:slug>/", bundle.bundle, name="bundle"),
    path("series/<slug:slug>/", series.series, name="series"),
    path("series/<slug:slug>/rest/", series.series_rest, name="series-rest"),
    path("authors/<str:public_id>/", author.author, name="author"),
    path("publish/", publish.publish, name="publish"),
    path("account/menu/", menu.menu, name="account-menu"),
    path("cart/", cart.cart, name="cart"),
    path("cart/set-aside/", cart.set_aside, name="cart-save-for-later"),
    path("orders/<str:order_id>/", order.order, name="order"),
    path("orders/<str:order_id>/paid/", order_paid.order_paid, name="order-paid"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemaps/shop.xml", sitemaps.shop, name="sitemap-shop"),
    path("sitemaps/<slug:kind>-<int:number>.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
