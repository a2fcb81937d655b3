"""Match the provider's movements with our ledger. Exit with 1 when something does not agree."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.money import Money
from payments.gateway import GatewayRefused, GatewayUnknown
from royalties.models import ReconciliationItem
from royalties.services import reconciliation


class Command(BaseCommand):
    help = "Match the provider's movements since the last run with the ledger. Exit with 1 when items are open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing when everything agrees")

    def handle(self, *, quiet: bool, **options: Any) -> None:
        at = clock.database_now()
        try:
            run = reconciliation.reconcile(at=at)
        except (GatewayUnknown, GatewayRefused) as error:
            raise CommandError(f"The provider could not be read: {error}") from error
        for item in ReconciliationItem.objects.open():
            difference = Money(item.difference_minor, item.currency)
            self.stdout.write(
                f"{item.get_state_display():24}{item.kind:14}{item.key:34}{difference!s:>16}  {item.age(at).days} days"
            )
        if run.open_items or not quiet:
            self.stdout.write(
                f"{run.movements} new movements, {run.entries} new entries, {run.open_items} items do not agree."
            )
        if run.open_items:
            raise SystemExit(1)
