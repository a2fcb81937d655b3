"""`manage.py check_figures`: count days again from events and orders, and say where their sums differ."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from insight.figures.services import checks


class Command(BaseCommand):
    """Exits with an error if a sum differs."""

    help = "Compares the sums of days with a second count of their events, orders and refunds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="one day (2026-11-30) instead of all")

    def handle(self, *args: Any, day: date | None = None, **options: Any) -> None:
        at = clock.now()
        days = [day] if day is not None else checks.days_with_sums(at=at)
        wrong = 0
        for one in days:
            for found in checks.check_day(day=one, at=at):
                wrong += 1
                self.stdout.write(f"{one}: {found.what} of {found.of}: {found.stored} stored, {found.counted} counted")
        if wrong:
            raise CommandError(f"{wrong} sums differ")
        self.stdout.write(f"{len(days)} days agree with their events, orders and refunds")
