"""`manage.py market_figures`: print the table of figures of docs/market.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from insight.market.registry import FIGURES

_HEAD = ("code", "figure", "what it says", "counted from", "of", "target", "alarm", "for")


class Command(BaseCommand):
    """Prints the registry as Markdown."""

    help = "Prints the table of the market's figures as docs/market.md has it."

    def handle(self, *args: Any, **options: Any) -> None:
        self._row(*_HEAD)
        self._row(*["---"] * len(_HEAD))
        for one in FIGURES:
            definition, words = str(one.definition), one.alarm.words
            self._row(
                *(f"`{one.code}`", str(one.name), definition, one.source),
                *(str(one.window), str(one.target), words, str(one.owner.label)),
            )

    def _row(self, *cells: str) -> None:
        self.stdout.write(f"| {' | '.join(cells)} |")
