"""Write the whole ledger as a beancount file or as CSV."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand

from royalties import ledger_export
from royalties.services import invariants

_FORMATS = {"beancount": ledger_export.beancount, "csv": ledger_export.as_csv}


class Command(BaseCommand):
    help = (
        "Export the ledger as a stream: a beancount file that bean-check accepts, or CSV with a row for each posting."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=sorted(_FORMATS), default="beancount")
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            metavar="DATE",
            help="export entries up to and including this day, in UTC",
        )
        parser.add_argument("--out", type=Path, metavar="FILE", help="write to this file instead of standard output")

    def handle(self, *, format: str, until: date | None, out: Path | None, **options: object) -> None:
        with invariants.one_moment():
            self._write(_FORMATS[format](until=until), out)

    def _write(self, lines: Iterable[str], out: Path | None) -> None:
        if out is None:
            for line in lines:
                self.stdout.write(line, ending="")
            return
        with out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
