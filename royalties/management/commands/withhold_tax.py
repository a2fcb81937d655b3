"""From when on tax is withheld for the United States: python manage.py withhold_tax --from 2027-01-01."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime, time

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from royalties.models.withholding import HIGHEST_RATE_BPS
from royalties.services import withholding


class Command(BaseCommand):
    help = (
        "Enters from which day on (UTC) tax is withheld from royalties of sales to readers in the United States. Only "
        "for shops that the law makes withholding agents; ask a tax adviser. --rate 0 ends it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="day", required=True, help="YYYY-MM-DD; nothing before it changes")
        parser.add_argument("--rate", type=int, default=HIGHEST_RATE_BPS // 100, help="percent without a form")
        parser.add_argument("--source", default="26 U.S.C. 1441 and 1442", help="the law or ruling it follows")

    def handle(self, *, day: str, rate: int, source: str, **options: object) -> None:
        try:
            at = datetime.combine(datetime.fromisoformat(day).date(), time(), tzinfo=UTC)
            rule = withholding.enter_rule(rate_bps=rate * 100, effective_at=at, source=source)
        except (DomainError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"From {day} on {rule.rate_bps // 100} % are withheld without a form.")
