"""Makes the statements of a month that is being closed: computed, stored and tied out without leaving the database."""

from __future__ import annotations

from django.db import connection

from common.periods import Month
from royalties.errors import BooksNotInOrder
from royalties.models import ClosedPeriod
from royalties.services.statements import canonical, queries

_TEMPORARY = {
    "changes": queries.CHANGES,
    "drafts": queries.DRAFTS,
    "moved": queries.MOVED,
    "sold": queries.SOLD,
}
# Grouping a month's sales stays in memory instead of on disk; until the end of the transaction only.
_WORK_MEMORY = "SET LOCAL work_mem = '256MB'"
# 122 random bits.
_PUBLIC_ID = {
    "postgresql": "'stm_' || replace(CAST(gen_random_uuid() AS text), '-', '')",
    "sqlite": "'stm_' || lower(hex(randomblob(16)))",
}

_AMOUNTS = ", ".join(queries.AMOUNTS)
_INSERT_STATEMENTS = f"""
INSERT INTO royalties_statement (public_id, user_id, closed_period_id, period, currency, {_AMOUNTS}, sha256)
SELECT {{public_id}}, user_id, %(closed)s, %(period)s, currency, {_AMOUNTS}, '' FROM drafts ORDER BY user_id, currency
"""  # noqa: S608 - every inserted word is ours

_INSERT_MOVEMENTS = f"""
INSERT INTO royalties_statementmovement (statement_id, kind, amount_minor, entries)
SELECT statement.id, moved.kind, moved.amount_minor, moved.entries
FROM moved JOIN royalties_statement statement ON statement.user_id = moved.user_id
  AND statement.currency = moved.currency AND statement.period = %(period)s
ORDER BY statement.id, {canonical.KIND_ORDER.format(column="moved.kind")}
"""  # noqa: S608

_KEY = ", ".join(f"sold.{name}" for name in queries.LINE_KEY)
_INSERT_LINES = f"""
INSERT INTO royalties_statementline (statement_id, position, title, {", ".join(queries.LINE_KEY)},
  {", ".join(queries.LINE_SUMS)})
SELECT statement.id, ROW_NUMBER() OVER (PARTITION BY statement.id ORDER BY {_KEY}), work.title, {_KEY},
  {", ".join(f"sold.{name}" for name in queries.LINE_SUMS)}
FROM sold JOIN royalties_statement statement ON statement.user_id = sold.user_id
  AND statement.currency = sold.currency AND statement.period = %(period)s
JOIN publishing_work work ON work.id = sold.work_id
"""  # noqa: S608

# Each finds what must not be. The first three look at what was stored, the last at the ledger's own balances.
_TIE_OUTS = (
    # A movement of an entry that should touch no contributor, or a shift between parts that changes their sum.
    f"""
    SELECT user_id, currency FROM changes
    WHERE {queries.movement_case("entry_kind")} IS NULL
    UNION
    SELECT user_id, currency FROM drafts WHERE opening_minor + royalties_minor - returns_minor - paid_out_minor
      + other_minor <> closing_minor""",  # noqa: S608
    # Lines against the ledger: their royalties are those of sales, returns and lost disputes.
    """
    SELECT statement.user_id, statement.currency FROM royalties_statement statement
    LEFT JOIN (SELECT statement_id, SUM(royalty_minor) AS royalty_minor FROM royalties_statementline
      GROUP BY statement_id) line ON line.statement_id = statement.id
    WHERE statement.closed_period_id = %(closed)s
      AND COALESCE(line.royalty_minor, 0) <> statement.royalties_minor - statement.returns_minor""",
    # A line whose contributor has no statement would have been left out.
    """
    SELECT sold.user_id, sold.currency FROM sold LEFT JOIN drafts ON drafts.user_id = sold.user_id
      AND drafts.currency = sold.currency WHERE drafts.user_id IS NULL AND sold.royalty_minor <> 0""",
    # The balance rows that triggers keep, less what was booked after the month.
    f"""
    SELECT balance.user_id, balance.currency FROM (
      SELECT account.owner_id AS user_id, account.currency, account.kind, -SUM(held.balance_minor) AS amount_minor
      FROM royalties_accountbalance held JOIN royalties_ledgeraccount account ON account.id = held.account_id
      WHERE account.owner_id IS NOT NULL GROUP BY account.owner_id, account.currency, account.kind
    ) balance
    LEFT JOIN (
      SELECT account.owner_id AS user_id, account.currency, account.kind, -SUM(posting.amount_minor) AS amount_minor
      FROM royalties_journalentry entry JOIN royalties_posting posting ON posting.entry_id = entry.id
      JOIN royalties_ledgeraccount account ON account.id = posting.account_id
      WHERE entry.booked_at >= %(end)s AND account.owner_id IS NOT NULL
      GROUP BY account.owner_id, account.currency, account.kind
    ) later ON later.user_id = balance.user_id AND later.currency = balance.currency AND later.kind = balance.kind
    LEFT JOIN drafts ON drafts.user_id = balance.user_id AND drafts.currency = balance.currency
    WHERE balance.amount_minor - COALESCE(later.amount_minor, 0) <> COALESCE(CASE {
        " ".join(
            f"WHEN balance.kind = '{kind}' THEN {'-' if column == 'closing_owed_minor' else ''}drafts.{column}"
            for column, kind in queries.PARTS.items()
        )
    } END, 0)""",  # noqa: S608
)


def build(closed: ClosedPeriod) -> int:
    """Make and store the month's statements; returns how many.

    Call in the transaction that closes it. Raises BooksNotInOrder when they do not tie out with the ledger.
    """
    period = Month.parse(closed.period)
    values = {**queries.parameters(period, previous_of(closed)), "closed": closed.pk}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_WORK_MEMORY)
        for name, query in _TEMPORARY.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} AS {query}", values)
            cursor.execute(f"ANALYZE {name}")
        cursor.execute(_INSERT_STATEMENTS.format(public_id=_PUBLIC_ID[connection.vendor]), values)
        made: int = cursor.rowcount
        cursor.execute(_INSERT_MOVEMENTS, values)
        cursor.execute(_INSERT_LINES, values)
        untied = set()
        for query in _TIE_OUTS:
            cursor.execute(query, values)
            untied |= set(cursor.fetchall())
        cursor.execute(canonical.store_hashes(connection.vendor), values)
        for name in _TEMPORARY:
            cursor.execute(f"DROP TABLE {name}")
    if untied:
        raise BooksNotInOrder(count=len(untied), period=period)
    return made


def previous_of(closed: ClosedPeriod) -> str:
    """The month closed before it, "" for the first."""
    earlier = ClosedPeriod.objects.filter(period__lt=closed.period).order_by("-period")
    return earlier.values_list("period", flat=True).first() or ""
