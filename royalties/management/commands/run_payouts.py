"""Propose, approve and send payouts from the command line. Without people, send what is already approved."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from common import clock, jobs
from common.errors import DomainError
from royalties.errors import NothingToPayOut
from royalties.models import Payout, PayoutRun
from royalties.services import payouts


class Command(BaseCommand):
    help = "Run payouts. This takes two people: one proposes, another approves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--currency", choices=settings.CURRENCIES, help="default: all currencies")
        parser.add_argument("--propose-as", metavar="EMAIL")
        parser.add_argument("--approve-as", metavar="EMAIL")

    def handle(
        self, *, currency: str | None, propose_as: str | None, approve_as: str | None, **options: object
    ) -> None:
        currencies = [currency] if currency else settings.CURRENCIES
        try:
            # The approval enqueues tasks for workers; this process drops them and sends the payouts itself.
            with jobs.collect_messages():
                if propose_as:
                    self._propose(currencies, propose_as, approve_as)
        except DomainError as error:
            raise CommandError(str(error)) from error
        sendable = Payout.objects.sendable().filter(currency__in=currencies).order_by("pk")
        for payout_id in list(sendable.values_list("pk", flat=True)):
            payout = payouts.send_payout(payout_id=payout_id)
            self.stdout.write(f"{payout.public_id} {payout.amount_minor} {payout.currency} {payout.state}")

    def _propose(self, currencies: Sequence[str], propose_as: str, approve_as: str | None) -> None:
        proposer = _person(propose_as)
        for currency in currencies:
            try:
                run = payouts.propose_run(actor=proposer, currency=currency, at=clock.database_now())
            except NothingToPayOut as nothing:
                self.stdout.write(str(nothing))
                continue
            self._report(run)
            if approve_as:
                payouts.approve_run(actor=_person(approve_as), run=run, at=clock.database_now())

    def _report(self, run: PayoutRun) -> None:
        self.stdout.write(f"{run.public_id} {run.currency}: {run.payouts.count()} payouts")


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no account with the address {email}.")
    return user
