"""Background jobs: ask by name, after commit.

A message only wakes a worker; the row it names is the truth. A broker that cannot be reached is therefore no
error of the request: the app's sweeper finds the row and asks again.
"""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue(name: str, **ids: int | str) -> None:
    """Send the task `name` with keyword ids once the surrounding transaction has committed."""
    transaction.on_commit(partial(_send, name, ids))


def _send(name: str, ids: dict[str, int | str]) -> None:
    current_app.loader.import_default_modules()
    task = current_app.tasks[name]
    try:
        task.apply_async(kwargs=ids, retry=False)
    except OperationalError:
        logger.warning("jobs.broker_unreachable task=%s", name)
    except tuple(task.throws) as expected:  # only where jobs run in place: the job's failure, not the request's
        logger.info("jobs.expected_failure task=%s error=%r", name, expected)
