"""App configuration: counts tasks by Celery's signals."""

from __future__ import annotations

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "operations.metrics"
    label = "metrics"

    def ready(self) -> None:
        from operations.metrics import celery_signals  # noqa: F401 # connects its receivers
