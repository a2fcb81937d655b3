"""`manage.py recompute_market`: count the market's figures anew from the rows they are made of."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common import clock
from insight.market import registry
from insight.market.services import counting


class Command(BaseCommand):
    """Says how many values are not what was stored."""

    help = "Counts the figures of the last periods anew, and says how many values changed."

    def add_arguments(self, parser: CommandParser) -> None:
        codes = [figure.code for figure in registry.FIGURES]
        parser.add_argument("--periods", type=int, default=13, help="weeks, blocks or months back (13)")
        parser.add_argument("--figure", choices=codes, nargs="+", help="these figures instead of all")

    def handle(self, *args: Any, periods: int, figure: list[str] | None = None, **options: Any) -> None:
        figures = [one for one in registry.FIGURES if figure is None or one.code in figure]
        changed = counting.recount(figures=figures, back=periods, at=clock.now())
        self.stdout.write(f"{len(figures)} figures counted for {periods} periods back, {changed} values changed")
