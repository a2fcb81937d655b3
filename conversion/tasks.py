"""Celery tasks. The job's row is authoritative; a task delivered twice or late finds nothing to do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from types import FrameType
from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_ready, worker_shutting_down

from conversion import caches, sandbox_status, work_folders
from conversion import services as conversion_services
from conversion.engine.api import AuthorFixable

_QUEUES = ("conversion", "conversion-large")  # as in the routes of config/celery.py
_SOFT_SECONDS = 960
_HARD_SECONDS = 990


class _Shutdown:
    """Flags that tell the pool's processes that their worker shuts down; created before the pool forks."""

    flag: Event | None = None
    terminated = False


@worker_init.connect
def _prepare_shutdown(**kwargs: object) -> None:
    _Shutdown.flag = multiprocessing.Event()


@worker_ready.connect
def _look_at_walls(sender: Any, **kwargs: object) -> None:
    """Stop consuming conversions on a worker whose sandbox is incomplete.

    It would fail every job at once, and so take more jobs than other workers do.
    """
    consumed = [name for name in _QUEUES if name in sender.app.amqp.queues.consume_from]
    if consumed and not sandbox_status.log_sandbox_status():
        for name in consumed:
            sender.app.control.cancel_consumer(name, destination=[sender.hostname])


@worker_shutting_down.connect
def _announce_shutdown(**kwargs: object) -> None:
    if _Shutdown.flag is not None:
        _Shutdown.flag.set()


def _is_stopping() -> bool:
    return _Shutdown.terminated or (_Shutdown.flag is not None and _Shutdown.flag.is_set())


_ATTEMPT: dict[str, Any] = {
    "acks_late": True,
    "soft_time_limit": _SOFT_SECONDS,
    "time_limit": _HARD_SECONDS,
    "throws": (AuthorFixable,),
}


@shared_task(name="conversion.run", **_ATTEMPT)
def run() -> None:
    """Make one attempt at the job with a small source whose turn it is."""
    with _noticing_termination():
        conversion_services.run_next(is_large=False, is_stopping=_is_stopping)


@shared_task(name="conversion.run_large", **_ATTEMPT)
def run_large() -> None:
    """Make one attempt at the job with a large source whose turn it is."""
    with _noticing_termination():
        conversion_services.run_next(is_large=True, is_stopping=_is_stopping)


@shared_task(name="conversion.retry_stuck", acks_late=True, soft_time_limit=30, time_limit=40)
def retry_stuck() -> None:
    """Requeue jobs that lost their message or their worker."""
    conversion_services.retry_stuck()


@shared_task(name="conversion.clear_scratch", acks_late=True, soft_time_limit=30, time_limit=40)
def clear_scratch() -> None:
    """Remove folders of workers that died on this machine."""
    work_folders.clear_abandoned()


@shared_task(name="conversion.trim_caches", acks_late=True, soft_time_limit=120, time_limit=150)
def trim_caches() -> None:
    """Keep the caches on this machine within their size and age limits."""
    caches.trim()


@shared_task(name="conversion.mail_failure", acks_late=True, soft_time_limit=30, time_limit=40)
def mail_failure(*, job_id: int) -> None:
    """Email an author that a conversion failed."""
    conversion_services.mail_failure(job_id=job_id)


@contextmanager
def _noticing_termination() -> Iterator[None]:
    """Note a SIGTERM and hand the job back first: service managers send it to every process of a worker."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def note(signum: int, frame: FrameType | None) -> None:
        _Shutdown.terminated = True

    before: Callable[..., object] | int | None = signal.signal(signal.SIGTERM, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if _Shutdown.terminated:
            _Shutdown.terminated = False
            os.kill(os.getpid(), signal.SIGTERM)
