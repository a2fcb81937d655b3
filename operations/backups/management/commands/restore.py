"""Restore a backup: `python manage.py restore FOLDER/20261201T073000Z [--replace | --files-only | --check]`."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from operations.backups.errors import BackupFailed
from operations.backups.services import restore


class Command(BaseCommand):
    help = (
        "Restores a backup into the database and the storages of the environment, then checks all row counts and "
        "files. As a drill: name another, empty database in DATABASE_URL and another folder in VAR_DIR."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="of one backup")
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--replace", action="store_true", help="first delete everything in the database")
        group.add_argument("--files-only", action="store_true", help="only files that are missing or damaged")
        group.add_argument("--check", action="store_true", help="restore nothing: read the whole backup and check it")

    def handle(self, *, folder: Path, replace: bool, files_only: bool, check: bool, **options: object) -> None:
        began = time.monotonic()
        try:
            if check:
                about = restore.verify(folder)
                self.stdout.write(f"The backup of {about.taken_at} is whole: {about.files:,} files.")
                return
            found = restore.restore(folder, replace=replace, database=not files_only)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        took = time.monotonic() - began
        self.stdout.write(f"{found.files:,} files, of which {found.copied:,} were restored. {took:.0f} s.")
        for fault in found.faults:
            self.stderr.write(fault)
        if not files_only:
            self.stdout.write(
                "Next: grant_application_role, if a second role serves the shop; reapply_erasures, with the ids in all "
                "account.erased log lines since then; verify_ledger; and reconcile, for what the payment provider "
                "knows."
            )
        if found.faults:
            raise SystemExit(1)
