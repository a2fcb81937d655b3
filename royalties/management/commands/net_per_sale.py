"""Compare what an author earns from one sale here and elsewhere: python manage.py net_per_sale [--json]."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.money import Money
from royalties.services import net_per_sale
from royalties.services.net_per_sale import CURRENCY, PRICES_MINOR, NetRow


class Command(BaseCommand):
    help = "Print what an author earns from one sale at 4.99 and 0.99 USD, under our current terms and elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object; amounts in minor units")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = net_per_sale.net_per_sale(at=clock.now())
        self.stdout.write(_as_json(rows) if options["json"] else _as_table(rows))


def _as_table(rows: list[NetRow]) -> str:
    head = " | ".join(_amount(price) for price in PRICES_MINOR)
    lines = [f"| author's net of one sale at | {head} | rule | source |", "|---|---:|---:|---|---|"]
    for row in rows:
        net = " | ".join(_amount(amount) for amount in row.net_minor)
        lines.append(f"| {row.name} | {net} | {row.rule} | {row.source} |")
    return "\n".join(lines)


def _as_json(rows: list[NetRow]) -> str:
    return json.dumps(
        {"currency": CURRENCY, "prices_minor": PRICES_MINOR, "rows": [asdict(row) for row in rows]}, indent=1
    )


def _amount(minor: int) -> str:
    return Money(minor, CURRENCY).format()
