"""`manage.py demo_money`: a short money story, run in a temporary database, with every journal entry printed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

# What a process needs to run at all. No keys, and no URLs of a database, a bucket or a mail server are passed on.
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


class Command(BaseCommand):
    help = (
        "Publishes, sells, refunds, clears, closes a month and pays out in a database of its own, and prints each "
        "journal entry. Exits with 1 if anything does not add up. Your own database is never touched."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="octavo-money-") as folder:
            arguments = ["--templates", str(settings.VAR_DIR / "cache" / "demo_money")]
            status = self._tell(Path(folder), [*arguments, "--json"] if options["json"] else arguments)
        if status:
            raise SystemExit(status)

    def _tell(self, folder: Path, arguments: list[str]) -> int:
        child = subprocess.Popen(
            [sys.executable, "-m", "demo.money_child", *arguments],
            cwd=settings.BASE_DIR,
            env=_environment(folder),
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert child.stdout is not None  # noqa: S101 # a pipe was asked for
        with child:
            for line in child.stdout:
                self.stdout.write(line, ending="")
                self.stdout.flush()
        return child.returncode


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/octavo.sqlite3",
        "BROKER_URL": "memory://",
        "LOG_LEVEL": "CRITICAL",  # a refused payout is normally logged as an error, but here it is part of the story
        "PYTHONIOENCODING": "utf-8",
    }
