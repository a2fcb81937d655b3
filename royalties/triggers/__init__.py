"""The ledger's rules inside the database, the same on PostgreSQL and SQLite.

What a change starts from. The first migration has a copy of its own, which stays as it is, and so has each later
migration that changes a rule; tests/architecture/test_migrations.py holds what they made against this. A migration
that alters a ledger table on SQLite makes that table's triggers anew. The teardown of tests that really commit calls
`drop` and `install`.

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
    """Create every trigger. Raises KeyError on a database that is neither PostgreSQL nor SQLite."""
    dialect = _DIALECTS[connection.vendor]
    keep = (statement for table in APPEND_ONLY for statement in dialect.keep(table))
    _run(connection, [*dialect.CREATE, *keep])


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger."""
    _run(connection, _DIALECTS[connection.vendor].drop(APPEND_ONLY))


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
