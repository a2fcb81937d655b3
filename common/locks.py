"""Locks across processes and machines: only one holder of a name at a time.

Redis redelivers an unacknowledged task to another worker after some seconds (config/celery.py). That soon restarts the
task of a killed worker, but also runs a long task a second time beside the first.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from hashlib import blake2b
from pathlib import Path

import structlog
from django.db import OperationalError, connection

logger = structlog.stdlib.get_logger(__name__)


def single_instance(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Make a call of the function return at once while another call with this name is running."""

    def wrapper(function: Callable[[], None]) -> Callable[[], None]:
        @wraps(function)
        def call() -> None:
            with advisory_lock(name) as is_alone:
                if is_alone:
                    function()
                else:
                    logger.info("jobs.under_way", task=name)

        return call

    return wrapper


@contextmanager
def advisory_lock(name: str) -> Iterator[bool]:
    """Yield whether this block holds the lock of that name.

    It is held until the block ends or the process is killed.
    """
    with (_alone_in_the_database if connection.vendor == "postgresql" else _alone_on_this_machine)(name) as is_alone:
        yield is_alone


@contextmanager
def _alone_in_the_database(name: str) -> Iterator[bool]:
    """Hold a transaction-level lock on a connection of its own.

    The block has transactions of its own, and a pooler may hand those to other sessions.
    """
    number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            is_alone = bool(cursor.fetchone()[0])
        yield is_alone
    finally:
        with suppress(OperationalError):  # whoever has lost the connection has lost the lock
            own.rollback()  # answered when the lock is free; of a closed connection the server hears later
        own.close()


@contextmanager
def _alone_on_this_machine(name: str) -> Iterator[bool]:
    """Hold a lock on a file beside the SQLite database, which is used from one machine only."""
    with Path(f"{connection.settings_dict['NAME']}.{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
