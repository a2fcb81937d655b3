"""Whether what the shop depends on answers: one function for each dependency, which returns a few words about it.

Each raises `Unavailable` with what is wrong, or the library's own error. None of them has a time limit of its own
beyond the library's: whoever must not wait asks in another thread (operations/health/probes.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from celery import current_app
from django.core.files.storage import Storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from common import clock, storage
from operations.heartbeats import selectors as heartbeats


class Unavailable(Exception):
    """A dependency answers, but not as it should."""


def database() -> str:
    """Ask the database for its version."""
    is_server = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if is_server else "SELECT sqlite_version()")
        return f"{connection.display_name} {cursor.fetchone()[0].split()[0]}"


def migrations() -> str:
    """Compare the database's migrations with those of this release. A database that is ahead is fine."""
    missing = sorted(latest_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    if missing:
        app, name = missing[0]
        raise Unavailable(f"migrations are missing, such as {app} {name}: run manage.py migrate")
    return "all applied"


def broker() -> str:
    """Connect to the broker."""
    with current_app.connection_for_write() as broker_connection:
        broker_connection.ensure_connection(max_retries=1, interval_start=0)
        return str(broker_connection.transport_cls)


def files() -> str:
    """Reach the folders or the bucket."""
    for place in (storage.private(), storage.public()):
        _reach(place)
    return "folders" if _folder(storage.private()) else "bucket"


def own_clock() -> str:
    """Compare this machine's clock with the database's."""
    skew = clock.skew()
    seconds = round(abs(skew).total_seconds(), 1)
    way = "ahead of" if skew > timedelta(0) else "behind"
    if abs(skew) > clock.TOLERATED_SKEW:
        raise Unavailable(f"this machine's clock is {seconds} s {way} the database's: synchronise both by NTP")
    return f"{seconds} s {way} the database's"


def beat() -> str:
    """Look up when the schedule's process last sent a task."""
    pulse = heartbeats.beat()
    if pulse is None or pulse.began_at is None:
        raise Unavailable("the schedule never ran: start celery -A config beat")
    if pulse.is_late:
        raise Unavailable(f"the schedule has sent nothing since {pulse.began_at:%Y-%m-%d %H:%M:%S} UTC")
    return f"last sent a task at {pulse.began_at:%H:%M:%S} UTC"


def web(url: str, *, timeout_s: float = 2) -> str:
    """Ask a web process for its health. While the database is away it answers 503, and is alive."""
    try:
        request = Request(f"{url}/healthz")  # noqa: S310 # the operator's own setting
        with urlopen(request, timeout=timeout_s) as response:  # noqa: S310
            return f"answers {response.status}"
    except HTTPError as error:
        if error.code == 503:
            return "answers 503"
        raise Unavailable(f"the web process answers {error.code}") from None


# In the order in which they are worth mending.
ALL: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "files": files,
    "clock": own_clock,
    "beat": beat,
}


@cache
def latest_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app, as this release has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _reach(place: Storage) -> None:
    folder = _folder(place)
    if folder is None:
        bucket: Any = place
        bucket.bucket.meta.client.head_bucket(Bucket=bucket.bucket_name)
        return
    # A shop that never stored a file has no folder yet, and will make it in the one above.
    known = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(known, os.W_OK | os.X_OK):
        raise Unavailable(f"{known} cannot be written to")


def _folder(place: Storage) -> Path | None:
    """Return the storage's folder; None for a bucket."""
    try:
        return Path(place.path(""))
    except NotImplementedError:
        return None
