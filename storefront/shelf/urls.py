"""URLs of the library: its pages, and what `storefront/library` has, in one namespace."""

from __future__ import annotations

from django.urls import path

from storefront.library import urls as library_urls
from storefront.shelf.views import book, collections, export, shelf, wish_links, year

app_name = "library"

urlpatterns = [
    path("library/", shelf.books, name="books"),
    path("library/view/", shelf.view, name="view"),
    path("library/export/", export.export, name="export"),
    path("library/export/goodreads.csv", export.goodreads, name="export-goodreads"),
    path("wishlist/share/", wish_links.share, name="share-wishes"),
    path("wishes/<str:secret>/", wish_links.shared_wishes, name="shared-wishes"),
    path("library/year/", year.year, name="year"),
    path("library/collections/", collections.collections, name="collections"),
    path("library/collections/<str:collection_id>/", collections.collection, name="collection"),
    path("library/collections/<str:collection_id>/books/", collections.collected, name="collected"),
    path("library/collections/<str:collection_id>/delete/", collections.delete, name="collection-delete"),
    path("library/<str:work_id>/collections/", collections.book, name="book-collections"),
    path("library/<str:work_id>/status/", book.status, name="status"),
    path("library/<str:work_id>/finished/", book.finished, name="finished"),
    path("library/<str:work_id>/hidden/", book.hidden, name="hidden"),
    *library_urls.urlpatterns,
    # Last, because every word of one part would be a book's.
    path("library/<str:work_id>/", book.book, name="book"),
]
