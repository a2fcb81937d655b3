"""The ledger's rules inside the database, the same on PostgreSQL and SQLite.

Installed by migration. A migration that touches a ledger table first calls `drop`, then `install` again; only the
teardown of tests that really commit does so otherwise.

| rule | kept by |
|---|---|
| an entry needs at least two postings and a zero sum per currency | the seal's trigger |
| nothing unsealed commits | the entry's deferred foreign key to the seal; a posting's trigger has seen its entry |
| nothing is added after the seal | the posting's trigger: the entry is visible and unsealed, in one query |
| a posting's entry and account are there | the posting's trigger; neither can go, and no foreign key says it again |
| nothing changes or goes | UPDATE, DELETE and TRUNCATE are refused; on SQLite REPLACE too (recursive_triggers) |
| a posting has its account's currency | the posting's trigger |
| a guarded account never leaves its normal side | the posting's trigger (a second one on SQLite), the balance's CHECK |
| a closed month takes no entry | the entry's trigger |

On PostgreSQL what is added is checked once for each statement, on SQLite row by row.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

from royalties.triggers import postgresql, sqlite

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}
APPEND_ONLY = (
    "royalties_journalentry",
    "royalties_posting",
    "royalties_seal",
    "royalties_ledgeraccount",
    "royalties_chainlink",
    "royalties_closedperiod",
    "royalties_entryleaf",
    "royalties_chainedposting",
    "royalties_dailyroot",
    "royalties_statement",
    "royalties_statementmovement",
    "royalties_statementline",
    "royalties_statementproof",
    "royalties_providerreference",
    "royalties_itemexplanation",
    "royalties_closepreparation",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger. Raises KeyError on a database that is neither PostgreSQL nor SQLite.

    Tables of later migrations are left to those.
    """
    dialect = _DIALECTS[connection.vendor]
    tables = connection.introspection.table_names()
    keep = (statement for table in APPEND_ONLY if table in tables for statement in dialect.keep(table))
    _run(connection, [*dialect.CREATE, *keep])


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger."""
    _run(connection, _DIALECTS[connection.vendor].drop(APPEND_ONLY))


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
