"""URLs of the library: its pages, and what `storefront/library` has, in one namespace."""

from __future__ import annotations

from django.urls import path

from storefront.library import urls as library_urls
from storefront.shelf.views import book, shelf

app_name = "library"

urlpatterns = [
    path("library/", shelf.books, name="books"),
    path("library/view/", shelf.view, name="view"),
    path("library/<str:work_id>/status/", book.status, name="status"),
    path("library/<str:work_id>/finished/", book.finished, name="finished"),
    path("library/<str:work_id>/hidden/", book.hidden, name="hidden"),
    *library_urls.urlpatterns,
    # Last, because every word of one part would be a book's.
    path("library/<str:work_id>/", book.book, name="book"),
]
