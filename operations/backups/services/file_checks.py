"""Checking stored files against the checksums in their names."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog

from common import storage
from operations.backups.models import Fault, FileCheck, FileFault
from operations.backups.stored_files import StoredFile, columns, files_in_storage, named_files

logger = structlog.stdlib.get_logger(__name__)

_SAVED_EVERY = 200  # files
# A file may be stored a while before the row that names it.
_ORPHANED_AFTER = timedelta(days=1)


def fault_of(file: StoredFile) -> Fault | None:
    """Read the file and return what is wrong with it; None if it is whole.

    Raises the storage's errors when it does not answer: a bucket that is away has lost nothing.
    """
    try:
        with file.storage.open(file.name, "rb") as content:
            is_whole = storage.sha256_of(storage.chunks_of(content)) == file.sha256
    except FileNotFoundError:
        return Fault.MISSING
    return None if is_whole else Fault.DAMAGED


def check(file: StoredFile, *, at: datetime) -> Fault | None:
    """Check one file, and record what is wrong with it, or that nothing is any more."""
    fault = fault_of(file)
    known = FileFault.objects.filter(place=file.place, name=file.name)
    if fault is None:
        known.delete()
        return None
    FileFault.objects.update_or_create(
        place=file.place, name=file.name, defaults={"fault": fault}, create_defaults={"fault": fault, "found_at": at}
    )
    logger.error("files.fault_found", place=file.place, file=file.name, fault=fault.value)
    return fault


def check_all(*, at: datetime) -> int:
    """Check every file that the database names. Return how many there are."""
    forget_unnamed()
    files = set(named_files())
    for file in sorted(files):
        check(file, at=at)
    return len(files)


def check_for(*, budget: timedelta, at: datetime) -> int:
    """Check files for so long, from where the last check ended; faults that are known come first.

    Return how many were checked.
    """
    forget_unnamed()
    for known in FileFault.objects.all():
        check(StoredFile(known.place, known.name), at=at)
    ends_at, checked = time.monotonic() + budget.total_seconds(), 0
    progress, _created = FileCheck.objects.get_or_create(pk=1)
    for label, file in _files_after(progress.column, progress.last_name):
        check(file, at=at)
        checked += 1
        progress.column, progress.last_name = label, file.name
        if time.monotonic() > ends_at:
            progress.save()
            break
        if checked % _SAVED_EVERY == 0:
            progress.save()
    else:
        progress.column, progress.last_name, progress.round_ended_at = "", "", at
        progress.save()
    logger.info("files.checked", files=checked, faults=FileFault.objects.count())
    return checked


def _files_after(label: str, name: str) -> Iterator[tuple[str, StoredFile]]:
    """Yield the files of all columns, from where a check stopped; from the beginning if that column is gone."""
    found = columns()
    labels = [column.label for column in found]
    start = labels.index(label) if label in labels else 0
    for number, column in enumerate(found[start:]):
        after = name if number == 0 and label in labels else ""
        for file in column.files(after):
            yield column.label, file


def forget_unnamed() -> None:
    """Forget faults of files that nothing names any more."""
    for known in FileFault.objects.all():
        if not any(column.names(known.place, known.name) for column in columns()):
            known.delete()


def orphans(*, at: datetime) -> list[StoredFile]:
    """Return stored files that no row names, and that are older than a day."""
    named = set(named_files())
    found = [file for file in files_in_storage() if file not in named]
    return [file for file in found if _is_old(file, at)]


def _is_old(file: StoredFile, at: datetime) -> bool:
    try:
        return file.storage.get_modified_time(file.name) < at - _ORPHANED_AFTER
    except FileNotFoundError:
        return False


def delete_orphans(*, at: datetime) -> int:
    """Delete stored files that no row names. Return how many."""
    found = orphans(at=at)
    for file in found:
        file.storage.delete(file.name)
    return len(found)
