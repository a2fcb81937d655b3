"""Celery tasks of heartbeats."""

from __future__ import annotations

from celery import shared_task

from operations.heartbeats import services


@shared_task(name="heartbeats.ping", soft_time_limit=50, time_limit=55)
def ping() -> None:
    """Tell the outside service which scheduled tasks have run."""
    services.ping_all()
