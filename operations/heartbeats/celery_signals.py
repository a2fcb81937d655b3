"""Receivers of Celery's signals: runs of scheduled tasks in workers, and messages sent by the schedule's process.

A task never fails because its run could not be recorded.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

import structlog
from celery import Task, states
from celery.signals import after_task_publish, beat_init, task_postrun, task_prerun
from django.db import DatabaseError, connection

from operations.heartbeats import schedule, services

logger = structlog.stdlib.get_logger(__name__)

_BEAT_PAUSE_S = 10


@task_prerun.connect
def note_start(sender: Task, task: Task, **kwargs: Any) -> None:
    """Record that a worker begins a scheduled task. Tasks that run in place are not the schedule's."""
    if _is_scheduled(task):
        task.request.heartbeat_began = monotonic()
        _safely(partial(services.record_start, str(task.name)))


@task_postrun.connect
def note_end(sender: Task, task: Task, state: str, **kwargs: Any) -> None:
    """Record how it ended."""
    if _is_scheduled(task):
        took = monotonic() - getattr(task.request, "heartbeat_began", monotonic())
        _safely(
            partial(
                services.record_end,
                str(task.name),
                duration_ms=round(took * 1000),
                has_succeeded=state == states.SUCCESS,
            )
        )


@beat_init.connect
def watch_beat(sender: Any, **kwargs: Any) -> None:
    """Record in a thread of its own that tasks are sent: the schedule must not wait for a database that hangs."""
    has_sent = threading.Event()

    def note(**kwargs: Any) -> None:
        has_sent.set()

    after_task_publish.connect(note, weak=False)
    threading.Thread(target=_record_beats, args=(has_sent,), daemon=True, name="heartbeat").start()


def _record_beats(has_sent: threading.Event) -> None:
    expect = partial(services.expect, schedule.names() | {schedule.BEAT})
    is_expected = False
    rest = threading.Event()
    while True:
        has_sent.wait()
        has_sent.clear()
        is_expected = is_expected or _safely(expect)
        _safely(services.record_beat)
        rest.wait(_BEAT_PAUSE_S)


def _is_scheduled(task: Task) -> bool:
    return not task.request.is_eager and task.name in schedule.names()


def _safely(write: Callable[[], None]) -> bool:
    """Return whether it was written."""
    try:
        write()
    except DatabaseError as error:
        logger.warning("heartbeats.not_recorded", error=type(error).__name__)
        connection.close()  # the next one begins with a new connection
        return False
    return True
