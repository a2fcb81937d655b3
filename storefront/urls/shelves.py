"""Addresses of readers' shelves: public ones, and where their keepers tend them."""

from __future__ import annotations

from django.urls import path

from storefront.views import shelf_keeping, shelves
from storefront.views.shelf_feed import ShelfFeed

urlpatterns = [
    path("shelves/", shelves.shelf_list, name="shelves"),
    path("shelves/<slug:slug>/", shelves.shelf, name="shelf"),
    path("shelves/<slug:slug>/feed/", ShelfFeed(), name="shelf-feed"),
    path("account/shelves/", shelf_keeping.mine, name="my-shelves"),
    path("account/shelves/add/<slug:slug>/", shelf_keeping.add, name="shelf-add"),
    path("account/shelves/<str:shelf_id>/", shelf_keeping.edit, name="shelf-edit"),
    path("account/shelves/<str:shelf_id>/books/", shelf_keeping.books, name="shelf-books"),
    path("account/shelves/<str:shelf_id>/delete/", shelf_keeping.delete, name="shelf-delete"),
    path("account/shelves/<str:shelf_id>/editors/", shelf_keeping.editors, name="shelf-editors"),
]
