"""`manage.py contract_process` prints the process of a milestone as the table that docs/market.md has."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from hiring.contracts import process
from hiring.contracts.process import GUARD_WORDS, Base, Clock, Row


class Command(BaseCommand):
    help = "Prints the process of a milestone as a table in Markdown, for docs/market.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())


def table() -> str:
    """Return the table, one row for each permitted step."""
    with override("en"):
        lines = ["| state | who | does | when | next state | ledger |", "|---|---|---|---|---|---|"]
        lines += [f"| {' | '.join(_cells(row))} |" for row in process.ROWS]
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        str(row.state.label),
        str(row.actor.label),
        str(row.act.label),
        _when(row),
        "as before" if row.next is None else "" if row.next == row.state else str(row.next.label),
        str(row.ledger),
    )


def _when(row: Row) -> str:
    found = []
    if row.opens is not None:
        found.append(f"from {_moment(row.opens)} on")
    if row.until is not None:
        found.append(f"until {_moment(row.until)}")
    if row.guard is not None:
        found.append(str(GUARD_WORDS[row.guard]))
    return ", ".join(found)


def _moment(clock: Clock) -> str:
    what = "the due day" if clock.base == Base.DUE else "the state began"
    return f"`{clock.days}` days after {what}"
