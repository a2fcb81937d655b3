"""Addresses of the shop's public pages."""

from __future__ import annotations

from django.urls import path

from storefront.views import bundles, catalogue, directories, legal_notice, privacy, regions, shop

urlpatterns = [
    path("", shop.front, name="front"),
    path("books/", catalogue.catalogue, name="catalogue"),
    path("books/<slug:slug>/", shop.book, name="book"),
    path("books/<slug:slug>/net/", shop.net, name="book-net"),
    path("bundles/", directories.bundles, name="bundles-on-sale"),
    path("bundles/<slug:slug>/", bundles.bundle, name="bundle"),
    path("books/<slug:slug>/review/", shop.review, name="review"),
    path("legal-notice/", legal_notice.legal_notice, name="legal-notice"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("region/", regions.choose, name="region"),
    path("series/", directories.people, {"kind": "series"}, name="series-list"),
    path("series/<slug:slug>/", shop.series, name="series"),
    path("series/<slug:slug>/rest/", shop.series_rest, name="series-rest"),
    path("authors/", directories.people, {"kind": "authors"}, name="author-list"),
    path("authors/<str:public_id>/", shop.author, name="author"),
]
