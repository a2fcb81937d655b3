"""The ledger's rules inside the database, the same on PostgreSQL and SQLite.

Change the rules here. The first migration has its own copy, which stays as it is, and so does each later migration that
changes a rule; tests/architecture/test_migrations.py compares what they made with this module. A migration that alters
a ledger table on SQLite must create that table's triggers again. The teardown of tests that really commit calls `drop`
and `install`.

| rule | kept by |
|---|---|
| an entry needs at least two postings and a zero sum per currency | the seal's trigger |
| nothing unsealed commits | the entry's deferred foreign key to the seal; a posting's trigger has seen its entry |
| nothing is added after the seal | the posting's trigger: the entry is visible and unsealed, in one query |
| a posting's entry and account exist | the posting's trigger; neither can disappear, so a foreign key is not needed |
| nothing changes or disappears | UPDATE, DELETE and TRUNCATE are refused; on SQLite REPLACE too (recursive_triggers) |
| a posting has its account's currency | the posting's trigger |
| a guarded account never leaves its normal side | the posting's trigger (a second one on SQLite), the balance's CHECK |
| a closed month takes no entry | the entry's trigger |

On PostgreSQL added rows are checked once for each statement, on SQLite row by row.
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
    "royalties_statementcontractline",
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
