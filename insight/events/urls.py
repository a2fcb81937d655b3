"""URLs of the beacon and of share links."""

from __future__ import annotations

from django.urls import path

from insight.events.views import count, links

app_name = "events"

urlpatterns = [
    path("count/", count.count, name="count"),
    path("l/<slug:code>/", links.link, name="link"),
]
