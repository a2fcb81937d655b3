"""`manage.py doctor`: try everything that the shop depends on, and say what to do about what does not work."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from operations.doctor import checks, network
from operations.doctor.examination import Check, Finding, Level, examine


class Command(BaseCommand):
    help = (
        "Tries settings, database, clock, broker, files, mail server, keys, payment provider, disk, converter, workers "
        "and the public address. Changes nothing; leaves nothing behind. Exits with 1 if something is wrong."
    )
    requires_system_checks: list[str] = []  # it runs them itself, and has to start where they fail

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print a JSON object for each finding")
        parser.add_argument("--setup", action="store_true", help="leave out what only a running shop can answer")
        parser.add_argument("--mail-to", metavar="ADDRESS", help="also send one email, to this address")

    def handle(self, *, as_json: bool, setup: bool, mail_to: str | None, **options: Any) -> None:
        chosen = [check for check in checks.ALL if not (setup and check.needs_running_shop)]
        if mail_to:
            chosen.append(Check("mail", partial(network.send_mail, mail_to), 30, "Look at the mail server's log."))
        wrong = self._print(examine(chosen), as_json=as_json)
        if not as_json:
            self.stdout.write(f"{wrong} wrong." if wrong else "Everything that was tried works.")
        if wrong:
            raise SystemExit(1)

    def _print(self, findings: Iterable[Finding], *, as_json: bool) -> int:
        """Print each finding as it comes. Return how many are wrong."""
        wrong = 0
        for finding in findings:
            wrong += finding.level is Level.WRONG
            if as_json:
                self.stdout.write(json.dumps(asdict(finding), ensure_ascii=False))
                continue
            level = finding.level.upper() if finding.level is Level.WRONG else finding.level
            self.stdout.write(f"{level:8} {finding.name:12} {finding.detail}")
            if finding.advice:
                self.stdout.write(f"{'':21} → {finding.advice}")
        return wrong
