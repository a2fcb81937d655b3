"""Errors of the database that are not the shop's."""

from __future__ import annotations

from django.db import InterfaceError, InternalError, OperationalError
from psycopg.errors import ReadOnlySqlTransaction


def is_database_away(error: BaseException | None) -> bool:
    """Return whether the database does not answer, or is a replica that was not promoted yet."""
    return isinstance(error, OperationalError | InterfaceError) or (
        isinstance(error, InternalError) and isinstance(error.__cause__, ReadOnlySqlTransaction)
    )
