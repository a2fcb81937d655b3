"""The product's own Celery app, swept often: `celery -A tests.journeys.worker_product worker`."""

from __future__ import annotations

from config.celery import app

__all__ = ["app"]

app.conf.beat_schedule = {
    name: {"task": name, "schedule": 0.5} for name in ("conversion.retry_stuck", "conversion.clear_scratch")
}
