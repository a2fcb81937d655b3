"""Background jobs, enqueued by name after commit.

A message only wakes a worker; the row it names is the source of truth. So a broker that cannot be reached is not an
error of the request: the app's sweep task finds the row and enqueues it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from threading import Lock
from time import monotonic

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from kombu.transport.native_delayed_delivery import MAX_LEVEL, level_name
from prometheus_client import Counter

logger = structlog.stdlib.get_logger(__name__)

type Message = tuple[str, dict[str, int | str]]

# A broker that did not answer is not asked again for this long: nobody waits for it twice.
_BROKER_REST_S = 10

_UNSENT = Counter(
    "octavo_messages_unsent", "Messages not sent because the broker was away; their rows wait for a sweep."
)

_importing = Lock()
_gathered: ContextVar[list[Message] | None] = ContextVar("gathered", default=None)


class _Broker:
    """What this process knows of the broker."""

    rests_until = float("-inf")  # until when it is left alone, by the monotonic clock
    is_known_to_delay = False


def enqueue(name: str, **ids: int | str) -> None:
    """Send the task `name` with keyword ids once the surrounding transaction has committed."""
    transaction.on_commit(partial(_send, name, ids))


def enqueue_later(name: str, *, delay_s: float, **ids: int | str) -> None:
    """Send the task so that it runs after a delay of a few seconds; where jobs run in place, it runs at once."""
    transaction.on_commit(partial(_send, name, ids, delay_s))


@contextmanager
def collect_messages() -> Iterator[list[Message]]:
    """Collect this thread's messages inside the block instead of sending them; the caller runs them."""
    messages: list[Message] = []
    token = _gathered.set(messages)
    try:
        yield messages
    finally:
        _gathered.reset(token)


def run_now(name: str, **ids: int | str) -> None:
    """Run the task in this process, now."""
    _register(name)
    current_app.tasks[name].apply(kwargs=ids, throw=True)


def _send(name: str, ids: dict[str, int | str], delay_s: float | None = None) -> None:
    messages = _gathered.get()
    if messages is not None:
        messages.append((name, ids))
        return
    if monotonic() < _Broker.rests_until:
        _UNSENT.inc()
        return
    _register(name)
    task = current_app.tasks[name]
    try:
        if delay_s and not _can_delay():
            _UNSENT.inc()
            logger.warning("jobs.broker_cannot_delay", task=name)
            return
        task.apply_async(kwargs=ids, retry=False, countdown=delay_s)
    except OperationalError:
        _UNSENT.inc()
        _Broker.rests_until = monotonic() + _BROKER_REST_S
        logger.warning("jobs.broker_unreachable", task=name, rests_s=_BROKER_REST_S)
    except tuple(task.throws) as expected:  # only if jobs run in place: it is the job that fails, not the request
        logger.info("jobs.expected_failure", task=name, error=repr(expected))


def _can_delay() -> bool:
    """Return whether the broker can deliver a message later. Raises OperationalError.

    RabbitMQ can once a worker has run there, which makes the exchanges for it. Before that, a delayed message would be
    refused, and the next one that this process sends be lost with it.
    """
    if not _Broker.is_known_to_delay:
        with current_app.connection_for_write() as connection:
            if connection.transport.driver_type == "amqp":
                connection.ensure_connection(max_retries=1, interval_start=0)
                try:
                    connection.channel().exchange_declare(level_name(MAX_LEVEL), "topic", passive=True)
                except connection.channel_errors:
                    return False
        _Broker.is_known_to_delay = True
    return True


def _register(name: str) -> None:
    """Import every app's tasks, unless this one is known already.

    Celery checks all models and sets up logging each time it imports them, which takes longer than most requests. A
    second thread waits for the first one's import: if asked at the same time, Celery reports it as done before it is.
    """
    if name not in current_app.tasks:
        with _importing:
            if name not in current_app.tasks:
                current_app.loader.import_default_modules()
