"""Addresses that machines read."""

from __future__ import annotations

from django.urls import path

from storefront.views.machines import onix, sitemaps, syndication

urlpatterns = [
    path("feeds/onix.xml", onix.catalogue, name="onix"),
    path("books/<slug:slug>/onix.xml", onix.book, name="book-onix"),
    path("feeds/new.<str:kind>", syndication.newest, name="feed-newest"),
    path("feeds/subjects/<slug:code>.<str:kind>", syndication.subject, name="feed-subject"),
    path("feeds/languages/<slug:tag>.<str:kind>", syndication.language, name="feed-language"),
    path("authors/<str:public_id>/new.<str:kind>", syndication.author, name="feed-author"),
    path("series/<slug:slug>/new.<str:kind>", syndication.series, name="feed-series"),
    path("sitemap.xml", sitemaps.index, name="sitemaps"),
    path("sitemaps/shop.xml", sitemaps.shop, name="sitemap-shop"),
    path("sitemaps/<slug:kind>-<int:number>.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
