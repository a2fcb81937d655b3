"""Restoring a backup into an empty database and the storages, and checking that all of it is there again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.db import connection

from common import storage
from operations.backups import description
from operations.backups.description import Description
from operations.backups.errors import BackupFailed
from operations.backups.services import database_dump
from operations.backups.services.backup import FILES, sha256_of
from operations.backups.services.file_checks import fault_of
from operations.backups.stored_files import StoredFile, named_files

logger = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class Restored:
    """What was restored, and what is not as the backup says."""

    files: int = 0
    copied: int = 0
    faults: list[str] = field(default_factory=list)


def verify(folder: Path) -> Description:
    """Read the whole backup and return its description. Raises BackupFailed, which names what is missing or damaged."""
    about = description.read(folder)
    if sha256_of(folder / database_dump.FILE) != about.dump_sha256:
        raise BackupFailed(f"{folder / database_dump.FILE} is damaged.")
    bad = [file for file in description.read_files(folder, about) if not _is_whole(_copy_of(folder, file), file)]
    if bad:
        names = ", ".join(f"{file.place}/{file.name}" for file in bad[:5])
        raise BackupFailed(f"{len(bad)} of {about.files} files are missing or damaged in the backup: {names}")
    return about


def restore(folder: Path, *, replace: bool = False, database: bool = True) -> Restored:
    """Restore the database, where asked, and every stored file that is missing or damaged; then check all of it.

    Raises BackupFailed, before anything is changed if the backup does not fit here.
    """
    about = description.read(folder)
    if database:
        _load_database(folder, about, replace=replace)
    found = Restored(files=about.files)
    files = description.read_files(folder, about)
    for file in files:
        _restore_file(folder, file, found)
    if database:
        _compare_rows(about, found)
        _check_vault(about, found)
    # A database of an older release has other columns than today's: what it names is in the backup.
    named = set(files if database else named_files())
    found.faults += [f"no backup has {file.place}/{file.name}" for file in sorted(named) if fault_of(file)]
    logger.info("backup.restored", name=folder.name, files=found.files, copied=found.copied, faults=len(found.faults))
    return found


def _load_database(folder: Path, about: Description, *, replace: bool) -> None:
    if about.vendor != connection.vendor:
        raise BackupFailed(f"This is a backup of {about.vendor}, and DATABASE_URL names {connection.vendor}.")
    dumped = folder / database_dump.FILE
    if sha256_of(dumped) != about.dump_sha256:
        raise BackupFailed(f"{dumped} is damaged.")
    if not database_dump.is_empty():
        if not replace:
            raise BackupFailed("The database is not empty. --replace deletes everything in it first.")
        database_dump.empty()
    database_dump.load(dumped)


def _restore_file(folder: Path, file: StoredFile, found: Restored) -> None:
    if fault_of(file) is None:
        return
    copy = _copy_of(folder, file)
    if not _is_whole(copy, file):
        return  # named below, if a row still names it
    file.storage.delete(file.name)
    with copy.open("rb") as content:
        storage.store(file.storage, file.name, content, file.sha256)
    found.copied += 1


def _copy_of(folder: Path, file: StoredFile) -> Path:
    return folder.parent / FILES / file.place / file.name


def _is_whole(path: Path, file: StoredFile) -> bool:
    return path.is_file() and sha256_of(path) == file.sha256


def _compare_rows(about: Description, found: Restored) -> None:
    now = description.count_rows()
    for table, rows in about.rows.items():
        if now.get(table) != rows:
            found.faults.append(f"{table} has {now.get(table, 0)} rows, and had {rows}")


def _check_vault(about: Description, found: Restored) -> None:
    missing = set(about.vault_keys) - set(description.vault_fingerprints())
    if missing:
        found.faults.append(
            f"{len(missing)} of the VAULT_KEYS of that time are not set: bank details of that time cannot be read"
        )
