"""`manage.py reapply_erasures usr_…`: erase people again after restoring a backup.

For everybody who deleted their account since the backup was made.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import deletions
from common import clock


class Command(BaseCommand):
    help = "Erases people whom a restored backup brought back. The ids are in the log lines account.erased."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("people", nargs="+", metavar="usr_…")
        parser.add_argument(
            "--keep-words", action="store_true", help="keep what they wrote about books, without their name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = [
            one
            for one in options["people"]
            if not deletions.reapply_erasures(public_id=one, keeps_words=options["keep_words"], at=clock.now())
        ]
        if unknown:
            raise CommandError(f"No accounts with these ids: {', '.join(unknown)}")
