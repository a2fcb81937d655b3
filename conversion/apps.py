"""Registers the app: what it holds of people."""

from __future__ import annotations

from django.apps import AppConfig


class ConversionConfig(AppConfig):
    name = "conversion"

    def ready(self) -> None:
        from accounts import schedule
        from conversion import retention

        schedule.add(*retention.RULES)
