"""A migrated database, cached for the next run of the money story.

Running the migrations takes longer than the story. The result is cached under a name derived from everything that
affects it: a change of the code, of Django or of SQLite makes a new one. It contains no people, no books and no money.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

_SUFFIX = ".sqlite3"


def place(folder: Path) -> Path:
    """Return the path in the folder for the database that the current code would make."""
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for name, path in _sources():
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return folder / f"{digest.hexdigest()}{_SUFFIX}"


def read(path: Path, into: sqlite3.Connection) -> bool:
    """Fill the empty database from the cached one, if it exists and is intact. Return whether it was."""
    if not path.is_file():
        return False
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as kept:
            if kept.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return False
            kept.backup(into)
    except sqlite3.DatabaseError:  # damaged: it is made again
        return False
    return True


def keep(path: Path, source: sqlite3.Connection) -> None:
    """Cache the database at that path, replacing all others. If nothing can be written, nothing is cached."""
    unfinished = path.with_suffix(f".{os.getpid()}")  # two processes may run the story at once
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file that can be read without a lock file
        unfinished.replace(path)
        for old in path.parent.glob(f"*{_SUFFIX}"):
            if old != path:
                old.unlink(missing_ok=True)
    except (OSError, sqlite3.DatabaseError):
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _sources() -> Iterator[tuple[str, Path]]:
    """Yield all files of our own apps, since migrations import from all of them, and other apps' migrations."""
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        root = Path(app.path)
        folder = root if root.parent == settings.BASE_DIR else root / "migrations"
        for path in sorted(folder.rglob("*.py")):
            yield f"{app.label}/{path.relative_to(root)}", path
