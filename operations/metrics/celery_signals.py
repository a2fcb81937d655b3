"""Counts tasks in workers."""

from __future__ import annotations

from time import monotonic
from typing import Any

from celery import Task
from celery.signals import task_postrun, task_prerun
from prometheus_client import Counter, Histogram

_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900)

TASKS = Counter("octavo_tasks", "Tasks that ended.", ["task", "outcome"])
DURATION = Histogram("octavo_task_seconds", "How long tasks took.", ["task"], buckets=_SECONDS)


@task_prerun.connect
def note_start(sender: Task, task: Task, **kwargs: Any) -> None:
    """Note when a task begins in a worker. What runs in place is part of its request."""
    if not task.request.is_eager:
        task.request.metrics_began = monotonic()


@task_postrun.connect
def note_end(sender: Task, task: Task, state: str | None, **kwargs: Any) -> None:
    """Count a task that ended, by Celery's word for how."""
    if not task.request.is_eager:
        TASKS.labels(task.name, (state or "unknown").lower()).inc()
        DURATION.labels(task.name).observe(monotonic() - getattr(task.request, "metrics_began", monotonic()))
