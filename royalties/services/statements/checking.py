"""Compares the stored statements of a closed month with what its entries give. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection

from accounts.models import User
from common.periods import Month
from royalties.models import ClosedPeriod
from royalties.services.statements import canonical, queries
from royalties.services.statements.building import previous_of

_REBUILT = f"""
WITH changes AS ({queries.CHANGES}), drafts AS ({queries.DRAFTS}), moved AS ({queries.MOVED}), sold AS ({queries.SOLD}),
  hired AS ({queries.HIRED})
"""
_OF = (
    "JOIN royalties_statement statement ON statement.id = part.statement_id AND statement.closed_period_id = %(closed)s"
)

_CONTRACT = (*queries.CONTRACT_KEY, *queries.CONTRACT_SUMS)

# What is stored and what is rebuilt, in the same columns; a row that only one of them has is a difference.
_PAIRS = (
    (
        f"SELECT user_id, currency, {', '.join(queries.AMOUNTS)} FROM royalties_statement "  # noqa: S608 - our words
        "WHERE closed_period_id = %(closed)s",
        f"SELECT user_id, currency, {', '.join(queries.AMOUNTS)} FROM drafts",  # noqa: S608
    ),
    (
        "SELECT statement.user_id, statement.currency, part.kind, part.amount_minor, part.entries "  # noqa: S608
        f"FROM royalties_statementmovement part {_OF}",
        "SELECT user_id, currency, kind, amount_minor, entries FROM moved",
    ),
    (
        f"SELECT statement.user_id, statement.currency, {', '.join(f'part.{n}' for n in queries.LINE_KEY)}, "  # noqa: S608
        f"{', '.join(f'part.{n}' for n in queries.LINE_SUMS)} FROM royalties_statementline part {_OF}",
        # Contributors whose shares came to nothing, and who had nothing else, have sold but get no statement.
        f"SELECT user_id, currency, {', '.join(queries.LINE_KEY)}, {', '.join(queries.LINE_SUMS)} "  # noqa: S608
        "FROM sold JOIN drafts USING (user_id, currency)",
    ),
    (
        f"SELECT statement.user_id, statement.currency, {', '.join(f'part.{n}' for n in _CONTRACT)} "  # noqa: S608
        f"FROM royalties_statementcontractline part {_OF}",
        f"SELECT user_id, currency, {', '.join(_CONTRACT)} FROM hired JOIN drafts USING (user_id, currency)",  # noqa: S608
    ),
)


def violations(closed: ClosedPeriod) -> Iterator[tuple[str, str]]:
    """Yield (row, detail) of every statement that differs from its entries, is missing, extra, or wrongly hashed."""
    values = {**queries.parameters(Month.parse(closed.period), previous_of(closed)), "closed": closed.pk}
    differing: set[tuple[int, str]] = set()
    with connection.cursor() as cursor:
        for stored, rebuilt in _PAIRS:
            for one, other in ((stored, rebuilt), (rebuilt, stored)):
                cursor.execute(
                    f"{_REBUILT} SELECT DISTINCT user_id, currency FROM ({one} EXCEPT {other}) differing",  # noqa: S608
                    values,
                )
                differing |= set(cursor.fetchall())
    differing |= _with_wrong_hash(closed)
    yield from _named(closed, differing, "differs from what the entries give")


def changed(closed: ClosedPeriod) -> Iterator[tuple[str, str]]:
    """Yield (row, detail) of every statement that changed since its month was closed, without reading entries."""
    yield from _named(closed, _with_wrong_hash(closed), "was changed after it was made")


def _with_wrong_hash(closed: ClosedPeriod) -> set[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(canonical.wrong_hashes(connection.vendor), {"closed": closed.pk})
        return set(cursor.fetchall())


def _named(closed: ClosedPeriod, found: Iterable[tuple[int, str]], detail: str) -> Iterator[tuple[str, str]]:
    rows = sorted(found)
    names = dict(User.objects.filter(pk__in={user for user, _ in rows}).values_list("pk", "public_id"))
    for user_id, currency in rows:
        yield f"statement {closed.period} of {names[user_id]} in {currency}", detail
