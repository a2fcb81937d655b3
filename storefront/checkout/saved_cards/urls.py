"""URL of a person's saved payment method."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.saved_cards import views

urlpatterns = [path("account/payment/", views.saved_card, name="saved-card")]
