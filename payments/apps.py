"""The Django app: registers its checks and its rules for personal data."""

from __future__ import annotations

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        from accounts import retention_schedule
        from payments import (
            checks,  # noqa: F401 - registers them
            retention,
        )

        retention_schedule.add(*retention.RULES)
