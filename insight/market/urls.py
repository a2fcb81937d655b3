"""URLs of the market's health, under /operations/."""

from __future__ import annotations

from django.urls import path

from insight.market.views import health

app_name = "market"

urlpatterns = [
    path("operations/market/", health.overview, name="health"),
    path("operations/market/health.json", health.as_json, name="health-json"),
    path("operations/market/<slug:code>/", health.figure, name="figure"),
]
