"""Set the day from which tax is withheld for the United States: python manage.py withhold_tax --from 2027-01-01."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime, time

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from royalties.models.withholding import HIGHEST_RATE_BPS
from royalties.services import withholding


class Command(BaseCommand):
    help = (
        "Set the day (UTC) from which tax is withheld from royalties on sales to readers in the United States. Only "
        "for shops that are withholding agents by law; ask a tax adviser. --rate 0 ends the withholding."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="day", required=True, help="YYYY-MM-DD; nothing before this day changes")
        parser.add_argument(
            "--rate", type=int, default=HIGHEST_RATE_BPS // 100, help="percentage withheld without a form"
        )
        parser.add_argument("--source", default="26 U.S.C. 1441 and 1442", help="the law or ruling behind the rule")

    def handle(self, *, day: str, rate: int, source: str, **options: object) -> None:
        try:
            at = datetime.combine(datetime.fromisoformat(day).date(), time(), tzinfo=UTC)
            rule = withholding.enter_rule(rate_bps=rate * 100, effective_at=at, source=source)
        except (DomainError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"From {day}, {rule.rate_bps // 100} % is withheld without a form.")
