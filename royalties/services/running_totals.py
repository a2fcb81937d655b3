"""Running totals of what the chainer chains, by account, kind of entry and month: their cost is spread over the month.

The chainer calls `add` in the transaction that chains a batch, so that every link is counted once. Closing a month
reads its tallies and adds them to those of the closed months. `differing` counts the postings again.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Max

from common.periods import Month
from royalties.models import ChainLink, ChainMark, ClosedPeriod, ClosedTally, JournalEntry, MonthTally
from royalties.services.statements import queries

_SUMS = ("amount_minor", "debit_minor", "entries")
_MONTH = {
    "postgresql": "to_char(booked_at AT TIME ZONE 'UTC', 'YYYY-MM')",
    "sqlite": "substr(booked_at, 1, 7)",
}
_CHAINED = """
SELECT entry.id, entry.kind, {month} AS period FROM royalties_chainlink link
JOIN royalties_journalentry entry ON entry.id = link.entry_id
WHERE link.position > %(after)s AND link.position <= %(until)s
"""
# An entry that touches several accounts of one owner counts at the first of them.
_COUNTED = f"""
SELECT posting.account_id, entry.kind AS entry_kind, entry.period, SUM(posting.amount_minor) AS amount_minor,
  SUM(CASE WHEN posting.amount_minor > 0 THEN posting.amount_minor ELSE 0 END) AS debit_minor,
  SUM(CASE WHEN entry.kind IN ({queries.in_sql(queries.ONE_POSTING)}) THEN 1 WHEN EXISTS (
    SELECT 1 FROM royalties_posting other JOIN royalties_ledgeraccount its ON its.id = other.account_id
    JOIN royalties_ledgeraccount own ON own.id = posting.account_id
    WHERE other.entry_id = posting.entry_id AND other.account_id < posting.account_id
      AND other.currency = posting.currency AND its.owner_id = own.owner_id) THEN 0 ELSE 1 END) AS entries
FROM ({_CHAINED}) entry JOIN royalties_posting posting ON posting.entry_id = entry.id
GROUP BY posting.account_id, entry.kind, entry.period
"""  # noqa: S608 - every inserted word is ours


def _grown(table: str) -> str:
    return ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in _SUMS)


_ADD = f"""
INSERT INTO royalties_monthtally (account_id, entry_kind, period, {", ".join(_SUMS)})
SELECT * FROM ({_COUNTED}) counted WHERE true ORDER BY period, account_id, entry_kind
ON CONFLICT (period, account_id, entry_kind) DO UPDATE SET {_grown("royalties_monthtally")}
"""  # noqa: S608
_CLOSE = f"""
INSERT INTO royalties_closedtally (account_id, entry_kind, {", ".join(_SUMS)})
SELECT account_id, entry_kind, {", ".join(f"SUM({name})" for name in _SUMS)} FROM royalties_monthtally
WHERE period > %(after)s AND period <= %(period)s GROUP BY account_id, entry_kind ORDER BY account_id, entry_kind
ON CONFLICT (account_id, entry_kind) DO UPDATE SET {_grown("royalties_closedtally")}
"""  # noqa: S608


_KEPT = f"SELECT account_id, entry_kind, period, {', '.join(_SUMS)} FROM royalties_monthtally"  # noqa: S608
_KEPT_CLOSED = f"SELECT account_id, entry_kind, {', '.join(_SUMS)} FROM royalties_closedtally"  # noqa: S608
_ADDED_UP = f"""
SELECT account_id, entry_kind, {", ".join(f"SUM({name})" for name in _SUMS)} FROM royalties_monthtally
WHERE period <= (SELECT MAX(period) FROM royalties_closedperiod) GROUP BY account_id, entry_kind
"""  # noqa: S608


def add(*, until: int) -> None:
    """Count the links up to this position that are not counted yet. Call with the chain locked."""
    mark, _ = ChainMark.objects.get_or_create()
    values = {"after": mark.tallied_position, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(month=_MONTH[connection.vendor]), values)
    ChainMark.objects.update(tallied_position=until)


def rebuild() -> None:
    """Count everything that is chained again from the start. Call with the chain locked, in one transaction."""
    MonthTally.objects.all().delete()
    ClosedTally.objects.all().delete()
    ChainMark.objects.update(tallied_position=0)
    add(until=ChainLink.objects.aggregate(last=Max("position"))["last"] or 0)
    last = ClosedPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    if last is not None:
        _close(after="", until=last)


def close(*, period: Month) -> None:
    """Add the month's tallies to those of all closed months. Call in the transaction that closes it, once."""
    _close(after=str(period.previous), until=str(period))


def _close(*, after: str, until: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"after": after, "period": until})


def mark_all_chained() -> None:
    """Record that every existing entry has been chained.

    Call while nobody can write one, after chaining: a writer draws the entry's id behind the same lock, so no lower id
    is still uncommitted.
    """
    last = JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    ChainMark.objects.filter(settled_entry__lt=last).update(settled_entry=last)


def differing() -> list[str]:
    """Return the name of every tally that differs from the chained postings, is missing or extra."""
    mark = ChainMark.objects.first()
    values = {"after": 0, "until": mark.tallied_position if mark else 0}
    counted = f"SELECT account_id, entry_kind, period, {', '.join(_SUMS)} FROM ({_counted()}) counted"  # noqa: S608
    with connection.cursor() as cursor:
        months = _different(cursor, _KEPT, counted, values)
        closed = _different(cursor, _KEPT_CLOSED, _ADDED_UP, {})
    found = {f"tally {period} of account {account}, {kind}" for account, kind, period, *_ in months}
    found |= {f"tally of closed months of account {account}, {kind}" for account, kind, *_ in closed}
    return sorted(found)


def _different(cursor: CursorWrapper, kept: str, counted: str, values: dict[str, int]) -> list[tuple[Any, ...]]:
    """Return the rows that only one of the two queries has."""
    found: list[tuple[Any, ...]] = []
    for one, other in ((kept, counted), (counted, kept)):
        cursor.execute(f"SELECT * FROM ({one}) one EXCEPT SELECT * FROM ({other}) other", values)  # noqa: S608
        found += cursor.fetchall()
    return found


def _counted() -> str:
    return _COUNTED.format(month=_MONTH[connection.vendor])
