"""URLs of insight, each app's in its own namespace."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("insight.completion.urls")),
    path("", include("insight.events.urls")),
    path("", include("insight.figures.urls")),
    path("", include("insight.market.urls")),
    path("", include("insight.market_reports.urls")),
    path("", include("insight.searches.urls")),
]
