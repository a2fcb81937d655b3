"""App configuration: declare the personal data that this app holds."""

from __future__ import annotations

from django.apps import AppConfig


class ConversionConfig(AppConfig):
    name = "conversion"

    def ready(self) -> None:
        from accounts import retention_schedule
        from conversion import checks, retention  # noqa: F401 (checks register themselves)

        retention_schedule.add(*retention.RULES)
