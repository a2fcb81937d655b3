"""What a backup says about itself: `backup.json`, and `files.txt` with the files that its database names."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from operations.backups.errors import BackupFailed
from operations.backups.stored_files import StoredFile

FORMAT = "octavo-backup/1"
_DESCRIPTION, _FILES = "backup.json", "files.txt"


@dataclass(frozen=True, slots=True)
class Description:
    """A backup: when it was taken, of what, and what has to come out of it again."""

    format: str
    taken_at: str  # ISO 8601, by the database's clock
    vendor: str
    dump_sha256: str
    files_sha256: str
    files: int
    rows: dict[str, int]  # by table
    migrations: list[str]
    vault_keys: list[str] = field(default_factory=list)  # fingerprints, newest first; never the keys


def count_rows() -> dict[str, int]:
    """Return the number of rows of every table of ours that the database has: one of an older release has fewer."""
    there = set(connection.introspection.table_names())
    models = [model for model in apps.get_models() if model._meta.managed and model._meta.db_table in there]
    return {model._meta.db_table: model._base_manager.count() for model in models}


def applied_migrations(recorder: MigrationRecorder) -> list[str]:
    """Return the migrations that the database has, as app.name."""
    return sorted(f"{app}.{name}" for app, name in recorder.applied_migrations())


def vault_fingerprints() -> list[str]:
    """Return a fingerprint of each vault key: enough to tell whether it is the right one."""
    return [hashlib.sha256(b"vault:" + key.encode()).hexdigest()[:16] for key in settings.VAULT_KEYS]


def write(folder: Path, description: Description) -> None:
    """Write the description, last of all: a folder without one is no backup."""
    unfinished = folder / f"{_DESCRIPTION}.unfinished"
    unfinished.write_text(json.dumps(asdict(description), indent=2) + "\n", encoding="utf-8")
    unfinished.rename(folder / _DESCRIPTION)


def read(folder: Path) -> Description:
    """Return the description of the backup in the folder. Raises BackupFailed."""
    try:
        found = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BackupFailed(f"{folder} has no {_DESCRIPTION}: it is no backup, or one that was not finished.") from None
    if found.get("format") != FORMAT:
        raise BackupFailed(f"{folder} has the format {found.get('format')}, and this version reads {FORMAT}.")
    return Description(**found)


def write_files(folder: Path, files: list[StoredFile]) -> str:
    """Write the list of stored files, and return its checksum."""
    text = "".join(f"{file.place}/{file.name}\n" for file in files)
    (folder / _FILES).write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def read_files(folder: Path, description: Description) -> list[StoredFile]:
    """Return the list of stored files. Raises BackupFailed if it was changed."""
    text = (folder / _FILES).read_text(encoding="utf-8")
    if hashlib.sha256(text.encode()).hexdigest() != description.files_sha256:
        raise BackupFailed(f"{folder / _FILES} is damaged.")
    return [StoredFile(*line.split("/", 1)) for line in text.splitlines()]
