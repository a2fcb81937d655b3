"""Taking a backup: the database as a dump, and a copy of every stored file that it names.

    FOLDER/20261201T073000Z/   backup.json, database.dump, files.txt
    FOLDER/files/              the files of all backups; a file never changes, so each is copied once

Files are written before the rows that name them, so those that the dump names are there when it has been made. Secrets
from the environment are in no backup.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import structlog
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from common import clock, storage
from operations.backups import description
from operations.backups.description import Description
from operations.backups.errors import BackupFailed
from operations.backups.models import BackupRun
from operations.backups.services import database_dump
from operations.backups.stored_files import StoredFile, named_files

logger = structlog.stdlib.get_logger(__name__)

FILES = "files"
_NAME = "%Y%m%dT%H%M%SZ"


def take(to: Path) -> BackupRun:
    """Take a backup into a folder of its own in `to`. Raises BackupFailed, and leaves nothing half-made."""
    at = clock.database_real_now()
    run = BackupRun.objects.create(name=f"{at:{_NAME}}", began_at=at)
    folder = to / run.name
    try:
        folder.mkdir(parents=True, mode=0o700)
        with database_dump.snapshot() as name:
            database_dump.dump(folder / database_dump.FILE, name)
            files, rows = sorted(set(named_files())), description.count_rows()
            applied = description.applied_migrations(MigrationRecorder(connection))
        for file in files:
            _copy(file, to / FILES, run)
        files_sha256 = description.write_files(folder, files)
        about = Description(
            format=description.FORMAT,
            taken_at=at.isoformat(),
            vendor=connection.vendor,
            dump_sha256=sha256_of(folder / database_dump.FILE),
            files_sha256=files_sha256,
            files=len(files),
            rows=rows,
            migrations=applied,
            vault_keys=description.vault_fingerprints(),
        )
        description.write(folder, about)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _finish(run, folder, len(files))


def _finish(run: BackupRun, folder: Path, files: int) -> BackupRun:
    run.ended_at, run.files = clock.database_real_now(), files
    run.database_bytes = (folder / database_dump.FILE).stat().st_size
    run.save()
    logger.info("backup.taken", name=run.name, files=files, copied=run.copied_files, bytes=run.copied_bytes)
    return run


def _copy(file: StoredFile, to: Path, run: BackupRun) -> None:
    """Copy a file that no backup has yet. One that is missing or damaged is left for the file check to report."""
    copy = to / file.place / file.name
    if copy.exists():
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    unfinished = copy.with_name(f".unfinished-{copy.name}")
    try:
        with file.storage.open(file.name, "rb") as content, unfinished.open("wb") as copied:
            shutil.copyfileobj(content, copied, 1 << 20)
    except FileNotFoundError:
        unfinished.unlink(missing_ok=True)
        logger.warning("backup.file_missing", place=file.place, file=file.name)
        return
    if sha256_of(unfinished) != file.sha256:
        unfinished.unlink()
        logger.warning("backup.file_damaged", place=file.place, file=file.name)
        return
    unfinished.rename(copy)
    run.copied_files += 1
    run.copied_bytes += copy.stat().st_size


def sha256_of(path: Path) -> str:
    """Return the checksum of a file on disk."""
    with path.open("rb") as content:
        return storage.sha256_of(storage.chunks_of(content))


def finished(to: Path) -> list[Path]:
    """Return the folders of finished backups in `to`, oldest first."""
    return sorted(path.parent for path in to.glob("*/backup.json"))


def prune(to: Path, *, keep: int) -> list[str]:
    """Delete all but the newest backups, and the copies of files that none of those names. Return what was deleted.

    Raises BackupFailed when fewer than one would be left.
    """
    if keep < 1:
        raise BackupFailed("Keep at least one backup.")
    folders = finished(to)
    old, kept = folders[:-keep], folders[-keep:]
    if not old:
        return []
    named = {file for folder in kept for file in description.read_files(folder, description.read(folder))}
    for folder in old:
        shutil.rmtree(folder)
    for path in (to / FILES).rglob("*"):
        place, _slash, name = path.relative_to(to / FILES).as_posix().partition("/")
        if path.is_file() and StoredFile(place, name) not in named:
            path.unlink()
    return [folder.name for folder in old]
