"""Take a backup: `python manage.py backup --to /var/backups/octavo [--keep 14]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from operations.backups.errors import BackupFailed
from operations.backups.services import backup


class Command(BaseCommand):
    help = (
        "Writes the database and all stored files into a folder, while the shop runs. Keys and passwords are not in "
        "it: keep the environment, above all VAULT_KEYS, in another place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default=settings.BACKUP_DIR, help="folder of all backups (BACKUP_DIR)")
        parser.add_argument("--keep", type=int, help="then delete all but so many of the newest backups")

    def handle(self, *, to: str, keep: int | None, **options: object) -> None:
        if not to:
            raise CommandError("Say where to: --to FOLDER, or set BACKUP_DIR.")
        try:
            run = backup.take(Path(to))
            deleted = backup.prune(Path(to), keep=keep) if keep is not None else []
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{Path(to) / run.name}: database {run.database_bytes:,} bytes, {run.files:,} files, of which "
            f"{run.copied_files:,} new ({run.copied_bytes:,} bytes)."
        )
        if deleted:
            self.stdout.write(f"Deleted {len(deleted)} older ones.")
