"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "hiring.offers"
    label = "offers"
