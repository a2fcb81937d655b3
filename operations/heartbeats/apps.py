"""App configuration: listens to Celery's signals in workers and in the schedule's process."""

from __future__ import annotations

from django.apps import AppConfig


class HeartbeatsConfig(AppConfig):
    name = "operations.heartbeats"
    label = "heartbeats"

    def ready(self) -> None:
        from operations.heartbeats import celery_signals  # noqa: F401 # connects its receivers
