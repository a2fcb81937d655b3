"""Close a month: python manage.py close_period 2026-11."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.errors import DomainError
from common.periods import Month
from royalties.services import periods


class Command(BaseCommand):
    help = "Checks the books, builds the month's statements and locks the month. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="YYYY-MM")

    def handle(self, *, period: str, **options: object) -> None:
        try:
            closed = periods.close_period(period=Month.parse(period), at=clock.database_now())
        except (DomainError, ValueError) as error:
            raise CommandError(str(error)) from error
        count = closed.statements.count()
        self.stdout.write(f"{closed.period} is closed: {count} statements, trial balance {closed.trial_balance_hash}")
