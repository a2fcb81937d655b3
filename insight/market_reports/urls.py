"""URLs of market reports."""

from __future__ import annotations

from django.urls import path

from insight.market_reports.views import reports

app_name = "market-reports"

urlpatterns = [
    path("desk/market/", reports.overview, name="overview"),
    path("desk/market/subscribe/", reports.subscribe, name="subscribe"),
    path("desk/market/cancel/", reports.cancel, name="cancel"),
    path("desk/market/<str:quarter>/", reports.report, name="report"),
    path("desk/market/<str:quarter>.csv", reports.download, name="download"),
]
