"""Check every stored file against its checksum: `python manage.py check_files [--orphans | --delete-orphans]`."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from common import clock
from operations.backups.models import FileFault
from operations.backups.services import file_checks


class Command(BaseCommand):
    help = "Reads every file that the database names, and says which are missing or damaged. Exit with 1 when one is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--orphans", action="store_true", help="also list files older than a day that no row names")
        group.add_argument("--delete-orphans", action="store_true", help="and delete them")

    def handle(self, *, orphans: bool, delete_orphans: bool, **options: object) -> None:
        at = clock.real_now()
        checked = file_checks.check_all(at=at)
        for fault in FileFault.objects.all():
            self.stdout.write(f"{fault.fault}  {fault.place}/{fault.name}")
        self.stdout.write(f"{checked:,} files checked, {FileFault.objects.count():,} faults.")
        if orphans:
            for file in file_checks.orphans(at=at):
                self.stdout.write(f"orphan  {file.place}/{file.name}")
        if delete_orphans:
            self.stdout.write(f"{file_checks.delete_orphans(at=at):,} orphans deleted.")
        if FileFault.objects.exists():
            raise SystemExit(1)
