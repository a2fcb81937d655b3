"""`manage.py add_reference_text`: add texts in the public domain, which nobody can claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.errors import DomainError
from publishing.passages.services import texts

_MAX_BYTES = 20 * 1024 * 1024


class Command(BaseCommand):
    help = "Add plain texts (UTF-8) that belong to nobody: words of them are never asked about."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--source", required=True, help="where the texts come from, such as an address")
        parser.add_argument("--title", default="", help="the title; without it, the name of each file")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            try:
                if path.stat().st_size > _MAX_BYTES:
                    raise CommandError(f"{path}: more than {_MAX_BYTES // 1024 // 1024} MB")
                content = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"{path}: {error}") from None
            try:
                text, is_new = texts.add_reference(
                    title=options["title"] or path.stem, source=options["source"], content=content, at=clock.now()
                )
            except DomainError as error:
                raise CommandError(error.text) from None
            text.refresh_from_db()
            self.stdout.write(f"{text.title}: {text.words} words{'' if is_new else ', known already'}")
