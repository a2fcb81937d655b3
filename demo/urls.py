"""Addresses under /demo/, mounted only where the clock can move."""

from __future__ import annotations

from django.urls import path

from demo import views

urlpatterns = [path("clock/", views.clock_page, name="demo-clock")]
