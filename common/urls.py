"""URLs that belong to no app above."""

from __future__ import annotations

from django.urls import path

from common import views

urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("public/<path:name>", views.public_file, name="public-file"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.touch_icon, name="apple-touch-icon"),
    path("icon-<int:size>.png", views.app_icon, name="app-icon"),
    path("healthz", views.health, name="health"),
]
