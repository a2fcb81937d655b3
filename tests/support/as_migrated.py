"""After a test that really commits, the database is again as migrations left it.

Django empties every table then, makes content types and permissions anew and knows nothing of the first rows that
migrations add; the ledger's triggers refuse to be emptied at all. A second of each such test would go to that. Here
only tables that hold something are emptied, and only first rows that a test changed are put back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from accounts import triggers as audit_triggers
from royalties import triggers as ledger_triggers

type Rows = list[tuple[object, ...]]


@contextmanager
def returning_to_what_was_migrated() -> Iterator[None]:
    """Entered with the database as migrated; every transactional test of the run ends with it so while this lasts."""
    first = {table: _rows(table) for table in _filled(_tables())}
    teardown = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: _return_to(first)
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = teardown


def _return_to(first: dict[str, Rows]) -> None:
    filled = set(_filled(_tables()))
    changed = [table for table in sorted(filled | first.keys()) if table not in first or _rows(table) != first[table]]
    if not changed:
        return
    with _unguarded(), connection.cursor() as cursor:
        for table in changed:
            cursor.execute(f"DELETE FROM {_quoted(table)}")
        for table in changed:
            for row in first.get(table, []):
                cursor.execute(f"INSERT INTO {_quoted(table)} VALUES ({', '.join(['%s'] * len(row))})", row)
    ContentType.objects.clear_cache()


@contextmanager
def _unguarded() -> Iterator[None]:
    """One transaction in which no trigger and no foreign key stops anything.

    PostgreSQL allows that to superusers, such as the test run's own server has. SQLite keeps the search's triggers, by
    which its index follows.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
            yield
        return
    with connection.constraint_checks_disabled(), transaction.atomic():
        for triggers in (ledger_triggers, audit_triggers):
            triggers.drop(connection)
        yield
        for triggers in (ledger_triggers, audit_triggers):
            triggers.install(connection)


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _filled(tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quoted(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _rows(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(table)} ORDER BY 1")
        return cursor.fetchall()


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
