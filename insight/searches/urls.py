"""URLs of searches: what readers look for, at the desk and for operators."""

from __future__ import annotations

from django.urls import path

from insight.searches.views import sheets

app_name = "searches"

urlpatterns = [
    path("desk/wanted/", sheets.wanted, name="wanted"),
    path("operations/searches/", sheets.operator, name="operator"),
]
