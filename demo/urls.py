"""URLs under /demo/, mounted only where the clock can be moved."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from demo import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="demo-clock")),
    path("clock/", views.clock_page, name="demo-clock"),
]
