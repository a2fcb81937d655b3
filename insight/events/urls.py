"""URLs of the beacon and of share links."""

from __future__ import annotations

from django.urls import path

from insight.events.views import count, embed, links

app_name = "events"

urlpatterns = [
    path("count/", count.count, name="count"),
    path("l/<slug:code>/", links.link, name="link"),
    path("l/<slug:code>/<slug:kind>/", embed.embed, name="embed"),
]
