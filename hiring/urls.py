"""URLs of hiring, each feature's in its own module."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hiring.offers.urls")),
]
