"""The database as one file: PostgreSQL's own archive format, or a copy of the embedded database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction

from operations.backups.errors import BackupFailed

FILE = "database.dump"


@contextmanager
def snapshot() -> Iterator[str]:
    """Hold the database as it is now: what is read inside the block is what `dump` writes.

    Yields the name of PostgreSQL's snapshot; "" for an embedded database, of which the block may see a little more.
    """
    if connection.vendor != "postgresql":
        yield ""
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def dump(to: Path, snapshot_name: str) -> None:
    """Write the database to the file `to`. Raises BackupFailed."""
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot_name}", "--file", to)
    else:
        _copy_sqlite(Path(connection.settings_dict["NAME"]), to)


def is_empty() -> bool:
    """Whether the database has no tables. Raises BackupFailed where it cannot be reached."""
    try:
        return not connection.introspection.table_names()
    except OperationalError as error:
        raise BackupFailed(
            f"The database cannot be reached: {str(error).strip()}\nStart PostgreSQL, or create the database "
            "that DATABASE_URL names: runuser -u postgres -- createdb --owner octavo octavo"
        ) from error


def load(dumped: Path) -> None:
    """Read the file into the empty database. Raises BackupFailed."""
    if connection.vendor == "postgresql":
        connection.close()
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", dumped)
    else:
        connection.close()
        _copy_sqlite(dumped, Path(connection.settings_dict["NAME"]))


def empty() -> None:
    """Delete everything in the database. Raises BackupFailed for an embedded one: its file is moved away by hand."""
    if connection.vendor != "postgresql":
        name = connection.settings_dict["NAME"]
        raise BackupFailed(f"The database {name} is not empty. Stop all processes, and move this file away.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def _copy_sqlite(source: Path, to: Path) -> None:
    with sqlite3.connect(source) as live, sqlite3.connect(to) as copy:
        live.backup(copy)
    live.close()
    copy.close()
    to.chmod(0o600)


def _run(program: str, *arguments: str | Path) -> None:
    """Run a program of PostgreSQL on our database."""
    connection.ensure_connection()
    server = connection.connection.info
    environment = {**os.environ, "PGPASSWORD": server.password or ""}
    target = f"--dbname={server.dsn}"
    try:
        done = subprocess.run(
            [_found(program), target, *arguments], check=False, capture_output=True, text=True, env=environment
        )
    finally:
        if program == "pg_restore":
            connection.close()
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-1000:]}")


def _found(program: str) -> str:
    """Return the path of one of PostgreSQL's programs. Raises BackupFailed."""
    path = shutil.which(program, path=settings.POSTGRESQL_BIN or None)
    if path is None:
        raise BackupFailed(
            f"{program} is missing. Install PostgreSQL’s client programs of the server’s version or newer (Debian: "
            "postgresql-client), or name their folder in POSTGRESQL_BIN."
        )
    return path
