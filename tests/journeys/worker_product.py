"""The product's own Celery app, swept often: `celery -A tests.journeys.worker_product worker`."""

from __future__ import annotations

from config.celery import app

__all__ = ["app"]

app.conf.beat_schedule = {"conversion.sweep": {"task": "conversion.sweep", "schedule": 0.5}}
