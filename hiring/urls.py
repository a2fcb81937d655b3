"""URLs of hiring, each feature's in its own module."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("hiring.offers.urls")),
    path("", include("hiring.requests.urls")),
    path("", include("hiring.conversations.urls")),
    path("", include("hiring.reviews.urls")),
    path("", include("hiring.contracts.urls")),
    path("", include("hiring.funding.urls")),
]
