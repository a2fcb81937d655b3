"""Builds the statements of a month that is being closed: calculated, stored and tied out inside the database."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Max

from common.periods import Month
from royalties.errors import BooksNotInOrder
from royalties.models import ClosedPeriod, Statement
from royalties.selectors import movements
from royalties.services.statements import canonical, queries

# Until the end of the transaction: group a month's sales in memory instead of on disk, and take as long as it takes,
# also in a request.
_SETTINGS = "SET LOCAL work_mem = '256MB'; SET LOCAL statement_timeout = 0"
# 122 random bits.
_PUBLIC_ID = {
    "postgresql": "'stm_' || replace(CAST(gen_random_uuid() AS text), '-', '')",
    "sqlite": "'stm_' || lower(hex(randomblob(16)))",
}
# PostgreSQL's SUM of bigint is numeric; ours is made by a migration.
_TOTAL = {"postgresql": "royalties_sum", "sqlite": "SUM"}

_KEY = ", ".join(queries.LINE_KEY)
_SUMS = ", ".join(queries.LINE_SUMS)
_NUMBERED = f"""
SELECT user_id, currency, {_KEY}, {_SUMS},
  ROW_NUMBER() OVER (PARTITION BY user_id, currency ORDER BY {_KEY}) AS position
FROM sold
"""  # noqa: S608 - every inserted word is ours

_AMOUNTS = ", ".join(queries.AMOUNTS)
_INSERT_STATEMENTS = f"""
INSERT INTO royalties_statement (public_id, user_id, closed_period_id, period, currency, {_AMOUNTS}, sha256)
SELECT {{public_id}}, drafts.user_id, %(closed)s, %(period)s, drafts.currency, {_AMOUNTS}, hashed.hash
FROM drafts JOIN hashed ON hashed.user_id = drafts.user_id AND hashed.currency = drafts.currency
ORDER BY drafts.user_id, drafts.currency
"""  # noqa: S608

_MADE = (
    "JOIN royalties_statement statement ON statement.user_id = part.user_id AND statement.currency = part.currency "
    "AND statement.closed_period_id = %(closed)s"
)
_INSERT_MOVEMENTS = f"""
INSERT INTO royalties_statementmovement (statement_id, kind, amount_minor, entries)
SELECT statement.id, part.kind, part.amount_minor, part.entries FROM moved part {_MADE}
ORDER BY statement.id, {canonical.KIND_ORDER.format(column="part.kind")}
"""  # noqa: S608

_INSERT_LINES = f"""
INSERT INTO royalties_statementline (statement_id, position, title, {_KEY}, {_SUMS})
SELECT statement.id, part.position, work.title, {_KEY}, {_SUMS}
FROM numbered part {_MADE} JOIN publishing_work work ON work.id = part.work_id
"""  # noqa: S608

_CONTRACT = ", ".join((*queries.CONTRACT_KEY, *queries.CONTRACT_SUMS))
_NUMBERED_CONTRACTS = f"""
SELECT user_id, currency, title, {_CONTRACT},
  ROW_NUMBER() OVER (PARTITION BY user_id, currency ORDER BY {", ".join(queries.CONTRACT_KEY)}) AS position
FROM hired
"""  # noqa: S608
_INSERT_CONTRACT_LINES = f"""
INSERT INTO royalties_statementcontractline (statement_id, position, title, {_CONTRACT})
SELECT statement.id, part.position, part.title, {_CONTRACT} FROM numbered_contracts part {_MADE}
ORDER BY statement.id, part.position
"""  # noqa: S608

_BALANCE = " ".join(
    f"WHEN balance.kind = '{kind}' THEN {'-' if column == 'closing_owed_minor' else ''}drafts.{column}"
    for column, kind in queries.PARTS.items()
)
# Each query finds a contradiction: within what is about to be stored, or with the ledger's own balances.
_TIE_OUTS = (
    # A movement of an entry that should touch no contributor, or a shift between parts that changes their sum.
    f"""
    SELECT user_id, currency FROM changes
    WHERE {queries.movement_case("entry_kind")} IS NULL
    UNION
    SELECT user_id, currency FROM drafts WHERE opening_minor + royalties_minor - returns_minor - paid_out_minor
      + other_minor <> closing_minor""",  # noqa: S608
    # A line whose contributor has no statement: it would be left out.
    """
    SELECT sold.user_id, sold.currency FROM sold LEFT JOIN drafts ON drafts.user_id = sold.user_id
      AND drafts.currency = sold.currency WHERE drafts.user_id IS NULL AND sold.royalty_minor <> 0""",
    # The same for contracts.
    """
    SELECT hired.user_id, hired.currency FROM hired LEFT JOIN drafts ON drafts.user_id = hired.user_id
      AND drafts.currency = hired.currency WHERE drafts.user_id IS NULL AND hired.pay_minor <> 0""",
    # The balance rows that triggers maintain, less what was booked after the month.
    f"""
    SELECT balance.user_id, balance.currency FROM (
      SELECT account.owner_id AS user_id, account.currency, account.kind, -SUM(held.balance_minor) AS amount_minor
      FROM royalties_accountbalance held JOIN royalties_ledgeraccount account ON account.id = held.account_id
      WHERE account.owner_id IS NOT NULL GROUP BY account.owner_id, account.currency, account.kind
    ) balance
    LEFT JOIN later ON later.user_id = balance.user_id AND later.currency = balance.currency
      AND later.kind = balance.kind
    LEFT JOIN drafts ON drafts.user_id = balance.user_id AND drafts.currency = balance.currency
    WHERE balance.amount_minor - COALESCE(later.amount_minor, 0) <> COALESCE(CASE {_BALANCE} END, 0)""",  # noqa: S608
)
# Stored lines compared with the ledger: their royalties are those of sales, returns and lost disputes. And with the
# numbered lines: a lost line without a royalty would show in no sum.
_STORED = """
SELECT statement_id, COUNT(*) AS lines, SUM(royalty_minor) AS royalty_minor FROM royalties_statementline
WHERE statement_id > %(last)s GROUP BY statement_id
"""
_PAYING = queries.in_sql(movements.PAYING)
_STORED_TIE_OUTS = (
    # Contract lines are what the movements of contracts say, and all of them are stored.
    f"""
    SELECT statement.user_id, statement.currency FROM royalties_statement statement
    LEFT JOIN (SELECT statement_id, COUNT(*) AS lines, SUM(pay_minor) AS pay_minor FROM royalties_statementcontractline
      WHERE statement_id > %(last)s GROUP BY statement_id) line ON line.statement_id = statement.id
    LEFT JOIN (SELECT statement_id, SUM(amount_minor) AS amount_minor FROM royalties_statementmovement
      WHERE statement_id > %(last)s AND kind IN ({_PAYING}) GROUP BY statement_id) moved
      ON moved.statement_id = statement.id
    LEFT JOIN (SELECT user_id, currency, COUNT(*) AS lines FROM numbered_contracts GROUP BY user_id, currency) part
      ON part.user_id = statement.user_id AND part.currency = statement.currency
    WHERE statement.closed_period_id = %(closed)s
      AND (COALESCE(line.pay_minor, 0) <> COALESCE(moved.amount_minor, 0)
        OR COALESCE(line.lines, 0) <> COALESCE(part.lines, 0))""",  # noqa: S608
    f"""
    SELECT statement.user_id, statement.currency FROM royalties_statement statement
    LEFT JOIN ({_STORED}) line ON line.statement_id = statement.id
    WHERE statement.closed_period_id = %(closed)s
      AND COALESCE(line.royalty_minor, 0) <> statement.royalties_minor - statement.returns_minor""",  # noqa: S608
    f"""
    SELECT part.user_id, part.currency
    FROM (SELECT user_id, currency, COUNT(*) AS lines FROM numbered GROUP BY user_id, currency) part {_MADE}
    LEFT JOIN ({_STORED}) line ON line.statement_id = statement.id
    WHERE COALESCE(line.lines, 0) <> part.lines""",  # noqa: S608
)


def build(closed: ClosedPeriod) -> int:
    """Make and store the month's statements from tallies and shares of sales. Return how many.

    Call in the transaction that closes the month, when everything is chained. Raises BooksNotInOrder if they do not tie
    out with the ledger.
    """
    temporary = {
        "changes": queries.TALLIED_CHANGES,
        "drafts": queries.DRAFTS,
        "moved": queries.TALLIED_MOVED,
        "sold": queries.sold(_TOTAL[connection.vendor]),
        "numbered": _NUMBERED,
        "hired": queries.HIRED,
        "numbered_contracts": _NUMBERED_CONTRACTS,
        "later": queries.TALLIED_LATER,
        "hashed": canonical.hashes_of_drafts(connection.vendor),
    }
    values = {**queries.parameters(Month.parse(closed.period), previous_of(closed)), "closed": closed.pk}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_SETTINGS)
        for name, query in temporary.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {name} AS {query}", values)
            cursor.execute(f"ANALYZE {name}")
        _tie_out(cursor, _TIE_OUTS, closed, values)
        # The lines of the many earlier statements need not be looked at.
        last = Statement.objects.aggregate(last=Max("pk"))["last"] or 0
        made = _store(cursor, values)
        _tie_out(cursor, _STORED_TIE_OUTS, closed, {**values, "last": last})
        for name in temporary:
            cursor.execute(f"DROP TABLE {name}")
    return made


def _store(cursor: CursorWrapper, values: queries.Values) -> int:
    cursor.execute(_INSERT_STATEMENTS.format(public_id=_PUBLIC_ID[connection.vendor]), values)
    made: int = cursor.rowcount
    cursor.execute(_INSERT_MOVEMENTS, values)
    cursor.execute(_INSERT_LINES, values)
    cursor.execute(_INSERT_CONTRACT_LINES, values)
    return made


def _tie_out(cursor: CursorWrapper, tie_outs: Iterable[str], closed: ClosedPeriod, values: queries.Values) -> None:
    untied = set()
    for query in tie_outs:
        cursor.execute(query, values)
        untied |= set(cursor.fetchall())
    if untied:
        raise BooksNotInOrder(count=len(untied), period=Month.parse(closed.period))


def previous_of(closed: ClosedPeriod) -> ClosedPeriod | None:
    """Return the month closed before it, None for the first."""
    return ClosedPeriod.objects.filter(period__lt=closed.period).order_by("-period").first()
