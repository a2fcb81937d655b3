"""URLs of own books."""

from __future__ import annotations

from django.urls import path

from storefront.own_books.views import book, shelf

app_name = "own_books"

urlpatterns = [
    path("library/own/", shelf.books, name="own-books"),
    path("library/own/<str:work_id>/", book.book, name="own-book"),
    path("library/own/<str:work_id>/retry/", book.retry, name="own-book-retry"),
    path("library/own/<str:work_id>/remove/", book.remove, name="own-book-remove"),
    path("library/own/<str:work_id>/cover.webp", book.cover, name="own-book-cover"),
]
