"""URLs of several copies of a book, bought at once to hand out."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.copies import views

urlpatterns = [
    path("orders/<str:order_id>/copies/", views.copies, name="order-copies"),
    path("orders/<str:order_id>/copies.csv", views.copies_csv, name="order-copies-csv"),
]
