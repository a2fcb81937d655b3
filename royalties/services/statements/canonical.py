"""The canonical text of a statement, over which its hash is taken, put together by the database.

One fact a line, fields divided by `|`: the statement with its amounts, then its movements in the order of
`MovementKind`, then its lines by position. Titles are left out, for they may change.
`royalties.selectors.statements.canonical_text` writes the same in Python.
"""

from __future__ import annotations

from royalties.models import MovementKind
from royalties.services.statements import queries

HEADER = ("user_id", "period", "currency", *queries.AMOUNTS)
MOVEMENT = ("kind", "amount_minor", "entries")
LINE = ("position", *queries.LINE_KEY, *queries.LINE_SUMS)
KIND_ORDER = f"CASE {{column}} {' '.join(f"WHEN '{kind}' THEN {n}" for n, kind in enumerate(MovementKind))} END"

_SHA256 = {"postgresql": "encode(sha256(convert_to({text}, 'UTF8')), 'hex')", "sqlite": "SHA256({text})"}


def _joined(table: str, columns: tuple[str, ...]) -> str:
    return " || '|' || ".join(f"CAST({table}.{name} AS text)" for name in columns)


_TEXT = f"""{_joined("royalties_statement", HEADER)}
  || COALESCE((SELECT string_agg('\n' || {_joined("movement", MOVEMENT)}, '' ORDER BY
      {KIND_ORDER.format(column="movement.kind")})
    FROM royalties_statementmovement movement WHERE movement.statement_id = royalties_statement.id), '')
  || COALESCE((SELECT string_agg('\n' || {_joined("line", LINE)}, '' ORDER BY line.position)
    FROM royalties_statementline line WHERE line.statement_id = royalties_statement.id), '')"""  # noqa: S608 - our words


def store_hashes(vendor: str) -> str:
    """Writes the hash into each statement of a month."""
    return (
        f"UPDATE royalties_statement SET sha256 = {_SHA256[vendor].format(text=_TEXT)} "  # noqa: S608
        "WHERE closed_period_id = %(closed)s"
    )


def wrong_hashes(vendor: str) -> str:
    """Finds the statements of a month whose hash is not that of what is stored."""
    return (
        f"SELECT user_id, currency FROM royalties_statement WHERE closed_period_id = %(closed)s "  # noqa: S608
        f"AND sha256 <> {_SHA256[vendor].format(text=_TEXT)}"
    )
