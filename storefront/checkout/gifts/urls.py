"""URLs of gifts: for recipients, and the list of unredeemed ones for finance staff."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.gifts import views

urlpatterns = [
    path("gifts/<str:token>/", views.gift, name="gift"),
    path("gifts/<str:token>/swap/", views.swap, name="gift-exchange"),
    path("finance/gifts/", views.open_gifts, name="open-gifts"),
]
