"""Test databases that are copied, where somebody has migrated one already: running all migrations takes ten seconds.

On SQLite the copy is a file that the next run uses too, on PostgreSQL a database of the run's own server. `migrate`
runs over the copy all the same, so that one of before a migration was added is only brought up to date; one of before a
migration was changed is another copy.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

_PREFIX = "migrated-"


@contextmanager
def databases_copied() -> Iterator[None]:
    """Whoever makes the test database within waits for others that do, copies theirs, or leaves its own for them."""
    with _alone(connection.vendor):
        if connection.vendor == "sqlite":
            with _from_file(_kept_file()):
                yield
        else:
            with _from_template(template()):
                yield


def template() -> str:
    """The name of the PostgreSQL database to copy; it is there once a test database was made."""
    return f"{_PREFIX}{_fingerprint()}"


def copy_file(path: Path) -> None:
    """A migrated SQLite database for processes of a test; it is there once a test database was made on SQLite."""
    _copy_file(_kept_file(), path)


def make_file(path: Path, migrate: Callable[[], object]) -> None:
    """The same whatever the run's own database is: where there is none to copy, the one that `migrate` makes there."""
    with _alone("sqlite"):
        copy = _kept_file()
        if copy.exists():
            _copy_file(copy, path)
        else:
            migrate()
            _keep(path, copy)


def _kept_file() -> Path:
    return Path(settings.VAR_DIR) / f"{_PREFIX}{_fingerprint()}.sqlite3"


@contextmanager
def _alone(vendor: str) -> Iterator[None]:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / f"{_PREFIX}{vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint() -> str:
    """Of every migration of every app, ours and others'."""
    found = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _from_file(copy: Path) -> Iterator[None]:
    creation = connection.creation
    create = creation._create_test_db

    def created(*args: object, **kwargs: object) -> str:
        name = create(*args, **kwargs)
        if copy.exists():
            _copy_file(copy, Path(name))
        return name

    creation._create_test_db = created
    try:
        yield
    finally:
        creation._create_test_db = create
    if not copy.exists():
        _keep(Path(connection.settings_dict["NAME"]), copy)


def _keep(made: Path, copy: Path) -> None:
    for old in copy.parent.glob(f"{_PREFIX}*.sqlite3"):
        old.unlink()
    _copy_file(made, copy)


def _copy_file(source: Path, target: Path) -> None:
    """With what still lies in the source's journal; the target appears whole."""
    unfinished = target.with_suffix(f"{target.suffix}.new")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(unfinished)) as written:
        read.backup(written)
    unfinished.rename(target)


@contextmanager
def _from_template(name: str) -> Iterator[None]:
    options = connection.settings_dict["TEST"]
    is_there = _is_database(name)
    if is_there:
        options["TEMPLATE"] = name
    try:
        yield
    finally:
        options["TEMPLATE"] = None
    if not is_there:
        source = connection.settings_dict["NAME"]
        connection.close()  # nobody may be connected to what is copied
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def _is_database(name: str) -> bool:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None
