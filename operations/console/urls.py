"""URLs of the operator's page, under /operations/."""

from __future__ import annotations

from django.urls import path

from operations.console import views

urlpatterns = [path("", views.overview, name="operations")]
