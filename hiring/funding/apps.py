"""App configuration."""

from __future__ import annotations

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "hiring.funding"
    label = "funding"
