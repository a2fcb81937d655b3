"""Close a month with two people: python manage.py close_period 2026-11 --prepare-as A --close-as B."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from common import clock
from common.errors import DomainError
from common.periods import Month
from royalties.models import ClosedPeriod
from royalties.services import close_preparation, month_close


class Command(BaseCommand):
    help = (
        "Check the ledger, create the month's statements and lock the month. This takes two people: one prepares, "
        "another closes. Safe to run twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help="YYYY-MM")
        parser.add_argument(
            "--prepare-as", metavar="EMAIL", help="who prepares the close; given alone, the month is only prepared"
        )
        parser.add_argument(
            "--close-as", metavar="EMAIL", help="another person, who closes; given alone, closes a prepared month"
        )

    def handle(self, *, period: str, prepare_as: str | None, close_as: str | None, **options: object) -> None:
        try:
            month = Month.parse(period)
            closed = ClosedPeriod.objects.filter(period=str(month)).first()
            if closed is None and prepare_as:
                close_preparation.prepare_close(actor=_person(prepare_as), period=month, at=clock.database_now())
                self.stdout.write(f"{month} is prepared.")
            if closed is None and close_as:
                closed = month_close.close_period(actor=_person(close_as), period=month, at=clock.database_now())
        except (DomainError, ValueError) as error:
            raise CommandError(str(error)) from error
        if closed is not None:
            self._report(closed)
        elif not prepare_as:
            raise CommandError("Closing takes two people: name them with --prepare-as and --close-as.")

    def _report(self, closed: ClosedPeriod) -> None:
        count = closed.statements.count()
        self.stdout.write(f"{closed.period} is closed: {count} statements, trial balance {closed.trial_balance_hash}")


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no account with the address {email}.")
    return user
