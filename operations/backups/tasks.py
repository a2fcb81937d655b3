"""Celery tasks for the nightly backup and the nightly check of stored files."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings

from common import clock
from common.locks import single_instance
from operations.backups.services import backup, file_checks


@shared_task(name="operations.check_files", time_limit=24 * 3600)
@single_instance("operations.check_files")
def check_files() -> None:
    """Check stored files for FILE_CHECK_MINUTES, from where the last night ended."""
    file_checks.check_for(budget=timedelta(minutes=settings.FILE_CHECK_MINUTES), at=clock.now())


@shared_task(name="operations.back_up", time_limit=24 * 3600)
@single_instance("operations.back_up")
def back_up() -> None:
    """Take a backup into BACKUP_DIR and delete the oldest ones; nothing without BACKUP_DIR."""
    if settings.BACKUP_DIR:
        backup.take(Path(settings.BACKUP_DIR))
        backup.prune(Path(settings.BACKUP_DIR), keep=settings.BACKUP_KEEP)
