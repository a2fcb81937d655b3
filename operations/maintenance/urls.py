"""URLs of maintenance mode, under /operations/."""

from __future__ import annotations

from django.urls import path

from operations.maintenance import views

urlpatterns = [path("maintenance/", views.maintenance, name="maintenance")]
