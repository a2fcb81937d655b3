"""A database in which every migration was run, kept for the next telling of the story of money.

Running the migrations takes longer than the story. What they made is kept under a name made from all that decides how
it looks: a change of the code, of Django or of SQLite makes it anew. It holds no people, no books and no money.
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
    """Where in the folder the database belongs that the code as it is now would make."""
    digest = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for name, path in _sources():
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return folder / f"{digest.hexdigest()}{_SUFFIX}"


def read(path: Path, into: sqlite3.Connection) -> bool:
    """Fill the empty database from the kept one, if it is there and whole; whether it was."""
    if not path.is_file():
        return False
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as kept:
            if kept.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return False
            kept.backup(into)
    except sqlite3.DatabaseError:  # damaged: it is made anew
        return False
    return True


def keep(path: Path, source: sqlite3.Connection) -> None:
    """Keep the database at that place, instead of all others. Where nothing can be written, nothing is kept."""
    unfinished = path.with_suffix(f".{os.getpid()}")  # two may tell the story at once
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, read without a lock beside it
        unfinished.replace(path)
        for old in path.parent.glob(f"*{_SUFFIX}"):
            if old != path:
                old.unlink(missing_ok=True)
    except (OSError, sqlite3.DatabaseError):
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _sources() -> Iterator[tuple[str, Path]]:
    """Our own apps whole, since migrations take triggers, first terms and types from all over them; of others what
    they migrate."""
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        root = Path(app.path)
        folder = root if root.parent == settings.BASE_DIR else root / "migrations"
        for path in sorted(folder.rglob("*.py")):
            yield f"{app.label}/{path.relative_to(root)}", path
