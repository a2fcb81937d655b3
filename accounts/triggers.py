"""Database triggers that keep the audit log append-only (see `common.append_only`).

These are the starting point for changes. Migrations have copies of their own, and tests/architecture/test_migrations.py
compares what those create with this.

An entry's facts may be erased when the retention schedule says so, together with the salt of the chain's commitment to
them. Nothing else of an entry may change, and neither entries nor links may be deleted.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from common import append_only

ENTRIES, LINKS = "accounts_auditentry", "accounts_auditlink"
ERASED = {"facts": "{}", "salt": ""}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger."""
    append_only.protect(connection, ENTRIES, emptied=ERASED)
    append_only.protect(connection, LINKS)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger."""
    append_only.unguard(connection, ENTRIES)
    append_only.unguard(connection, LINKS)
