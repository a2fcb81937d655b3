"""The canonical text of a statement, over which its hash is taken, put together by the database.

One fact a line, fields separated by `|`: the statement with its amounts, then its movements in the order of
`MovementKind`, then its lines and its contract lines by position. Titles are left out, because they may change. What
is held for claims is a line of its own where there is any: statements made before it could be keep their hash.
`royalties.selectors.statements.canonical_text` writes the same text in Python.
"""

from __future__ import annotations

from royalties.models import MovementKind
from royalties.services.statements import queries

CLAIMED = "closing_claimed_minor"
HEADER = ("user_id", "period", "currency", *(name for name in queries.AMOUNTS if name != CLAIMED))
MOVEMENT = ("kind", "amount_minor", "entries")
LINE = ("position", *queries.LINE_KEY, *queries.LINE_SUMS)
CONTRACT_LINE = ("position", *queries.CONTRACT_KEY, *queries.CONTRACT_SUMS)
KIND_ORDER = f"CASE {{column}} {' '.join(f"WHEN '{kind}' THEN {n}" for n, kind in enumerate(MovementKind))} END"

_SHA256 = {"postgresql": "encode(sha256(convert_to({text}, 'UTF8')), 'hex')", "sqlite": "SHA256({text})"}


def _joined(table: str, columns: tuple[str, ...]) -> str:
    return " || '|' || ".join(f"CAST({table}.{name} AS text)" for name in columns)


def _hashes(
    vendor: str,
    statements: str,
    movements: str,
    lines: str,
    contracts: str,
    *,
    columns: tuple[str, ...] = ("user_id", "currency"),
) -> str:
    """Return SQL for the hash of each row of `statements`, with its columns; the parts are sorted once for all rows."""
    parts = ("movement_texts", "line_texts", "contract_texts")
    claimed = f"CASE WHEN statement.{CLAIMED} <> 0 THEN '\nclaimed|' || CAST(statement.{CLAIMED} AS text) ELSE '' END"
    text = " || ".join([_joined("statement", HEADER), claimed, *(f"COALESCE({part}.text, '')" for part in parts)])
    return f"""
SELECT {", ".join(f"statement.{name}" for name in columns)},
  {_SHA256[vendor].format(text=text)} AS hash FROM {statements} statement
LEFT JOIN (
  SELECT user_id, currency, string_agg('\n' || {_joined("movement", MOVEMENT)}, '' ORDER BY
    {KIND_ORDER.format(column="movement.kind")}) AS text
  FROM {movements} movement GROUP BY user_id, currency
) movement_texts ON movement_texts.user_id = statement.user_id AND movement_texts.currency = statement.currency
LEFT JOIN (
  SELECT user_id, currency, string_agg('\n' || {_joined("line", LINE)}, '' ORDER BY line.position) AS text
  FROM {lines} line GROUP BY user_id, currency
) line_texts ON line_texts.user_id = statement.user_id AND line_texts.currency = statement.currency
LEFT JOIN (
  SELECT user_id, currency, string_agg('\ncontract|' || {_joined("line", CONTRACT_LINE)}, '' ORDER BY line.position)
    AS text
  FROM {contracts} line GROUP BY user_id, currency
) contract_texts ON contract_texts.user_id = statement.user_id AND contract_texts.currency = statement.currency
"""  # noqa: S608 - our words


def hashes_of_drafts(vendor: str) -> str:
    """Return SQL for the hashes of statements that are not stored yet."""
    return _hashes(
        vendor, "(SELECT drafts.*, %(period)s AS period FROM drafts)", "moved", "numbered", "numbered_contracts"
    )


def _stored(table: str) -> str:
    return (
        f"(SELECT statement.user_id, statement.currency, part.* FROM {table} part "  # noqa: S608
        "JOIN royalties_statement statement ON statement.id = part.statement_id "
        "WHERE statement.closed_period_id = %(closed)s)"
    )


def wrong_hashes(vendor: str) -> str:
    """Return SQL that finds the statements of a month whose hash is not that of what is stored."""
    of_month = "(SELECT * FROM royalties_statement WHERE closed_period_id = %(closed)s)"
    found = _hashes(
        vendor,
        of_month,
        _stored("royalties_statementmovement"),
        _stored("royalties_statementline"),
        _stored("royalties_statementcontractline"),
        columns=("user_id", "currency", "sha256"),
    )
    return f"SELECT user_id, currency FROM ({found}) found WHERE sha256 <> hash"  # noqa: S608
