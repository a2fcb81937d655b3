"""One at a time, whatever the process and the machine.

Redis hands a task that was not acknowledged to another worker after some seconds (config/celery.py): that brings the
task of a killed worker back soon, and a long one runs a second time beside the first.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from hashlib import blake2b
from pathlib import Path

from django.db import connection

logger = logging.getLogger(__name__)


def one_at_a_time(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Let a call of the function end at once while another one with this name is under way."""

    def wrapper(function: Callable[[], None]) -> Callable[[], None]:
        @wraps(function)
        def call() -> None:
            with alone(name) as is_alone:
                if is_alone:
                    function()
                else:
                    logger.info("jobs.under_way task=%s", name)

        return call

    return wrapper


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is in a block of this name. It is ours until we leave it, or are killed."""
    with (_alone_in_the_database if connection.vendor == "postgresql" else _alone_on_this_machine)(name) as is_alone:
        yield is_alone


@contextmanager
def _alone_in_the_database(name: str) -> Iterator[bool]:
    """A lock of a transaction that does nothing else, on a connection of its own: the block has transactions of its
    own, and a pooler may hand those to other sessions."""
    number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            is_alone = bool(cursor.fetchone()[0])
        yield is_alone
    finally:
        own.close()


@contextmanager
def _alone_on_this_machine(name: str) -> Iterator[bool]:
    """A lock on a file beside the SQLite database, whose machine is the only one."""
    with Path(f"{connection.settings_dict['NAME']}.{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
