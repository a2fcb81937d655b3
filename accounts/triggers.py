"""What keeps the audit log as it was written, inside the database (see `common.append_only`).

What a change starts from. Migrations have copies of their own, and tests/architecture/test_migrations.py holds what
they made against this.

An entry's facts may be erased when the schedule says so, with the salt by which the chain commits to them. Nothing else
of it changes, and neither entry nor link goes.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from common import append_only

ENTRIES, LINKS = "accounts_auditentry", "accounts_auditlink"
ERASED = {"facts": "{}", "salt": ""}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger."""
    append_only.guard(connection, ENTRIES, emptied=ERASED)
    append_only.guard(connection, LINKS)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger."""
    append_only.unguard(connection, ENTRIES)
    append_only.unguard(connection, LINKS)
