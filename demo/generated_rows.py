"""Writing rows of the generated catalogue to the database: COPY on PostgreSQL, executemany on SQLite.

Primary keys that other rows refer to are reserved in blocks, so that several processes can make rows independently.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models.fields import NOT_PROVIDED

from common.typed_json import to_json

type Row = Sequence[Any]

# The table that keeps the definitions of dropped indexes during a load.
_WAITING = "demo_waiting_index"


@dataclass(frozen=True)
class Table:
    """One model's table as rows are made for it: the columns given row by row, and the values that all rows share."""

    name: str
    columns: tuple[str, ...]
    given: tuple[str, ...]
    same: tuple[Any, ...]

    def row(self, *values: Any) -> Row:
        """Return a row with the given columns' values, in their order."""
        return (*values, *self.same)

    def row_of(self, instance: models.Model) -> Row:
        """Return the row of an instance that has everything set; for tables without `given` columns."""
        values = instance.__dict__
        return [_plain(values[name]) for name in self.given]


def table(model: type[models.Model], *given: str) -> Table:
    """Return the table with these columns given and its other columns at their defaults. The database sets the key."""
    others = [field for field in _fields(model) if field.attname not in given and not field.primary_key]
    columns = {field.attname: str(field.column) for field in _fields(model)}
    return Table(
        model._meta.db_table,
        (*(columns[name] for name in given), *(columns[field.attname] for field in others)),
        given,
        tuple(_plain(field.get_default()) for field in others),
    )


@cache
def whole_table(model: type[models.Model], *also: str, with_key: bool) -> Table:
    """Return the table for rows of whole instances; with `also`, columns that the database has a default for."""
    given = {field.attname for field in _fields(model)} | set(also)
    fields = [
        field for field in model._meta.concrete_fields if field.attname in given and (with_key or not field.primary_key)
    ]
    return Table(
        model._meta.db_table, tuple(str(field.column) for field in fields), tuple(field.attname for field in fields), ()
    )


def write(rows: Mapping[Table, Iterable[Row]]) -> None:
    """Write the tables in their order. Call inside a transaction."""
    with connection.cursor() as cursor:
        for one, values in rows.items():
            columns = ", ".join(f'"{column}"' for column in one.columns)
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{one.name}" ({columns}) FROM STDIN') as copy:
                    for row in values:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(one.columns))
                sql = f'INSERT INTO "{one.name}" ({columns}) VALUES ({marks})'  # noqa: S608 - our own column names
                cursor.executemany(sql, [_for_sqlite(row) for row in values])


def take_keys(model: type[models.Model], count: int) -> int:
    """Reserve that many primary keys and return the first."""
    name = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [name])
            sequence = cursor.fetchone()[0]
            cursor.execute(f"ALTER SEQUENCE {sequence} INCREMENT BY 1")  # changes nothing, but locks the sequence
            cursor.execute(f"SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM {sequence}")  # noqa: S608
            first = int(cursor.fetchone()[0])
            cursor.execute("SELECT setval(%s, %s)", [sequence, first + count - 1])
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
            found = cursor.fetchone()
            first = int(found[0]) + 1 if found else 1
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, first + count - 1])
    return first


# ---------------------------------------------------------------- indexes


@contextmanager
def without_indexes(tables: Sequence[type[models.Model]]) -> Iterator[list[str]]:
    """Drop the indexes that no constraint needs while very many rows are added; yield the statements that create them
    again.

    The statements are kept in a table: if this process is killed, the next load or `put_back` finds them.
    """
    names = [model._meta.db_table for model in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        statements = _postgres_indexes(names) if connection.vendor == "postgresql" else _sqlite_indexes(names)
        cursor.execute(f"CREATE TABLE {_WAITING} (id integer PRIMARY KEY, definition text NOT NULL)")
        rows: list[Row] = [[number, made] for number, (_drop, made) in enumerate(statements)]
        cursor.executemany(f"INSERT INTO {_WAITING} VALUES (%s, %s)", rows)  # noqa: S608 - our own name
        for drop, _made in statements:
            cursor.execute(drop)
    try:
        yield [made for _drop, made in statements]
    finally:
        put_back()


def put_back(number: int = 0, of: int = 1) -> bool:
    """Create the waiting indexes, or every `of`-th from `number` on, so that several processes can share them.

    Return whether any were waiting. With `of` 1 it also deletes the kept statements.
    """
    if _WAITING not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, definition FROM {_WAITING} ORDER BY id")  # noqa: S608 - our own name
        mine = [row for row in cursor.fetchall() if row[0] % of == number]
        if connection.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '512MB'")
        for key, definition in mine:
            with transaction.atomic():
                cursor.execute(definition)
                cursor.execute(f"DELETE FROM {_WAITING} WHERE id = %s", [key])  # noqa: S608 - our own name
        if of == 1:
            cursor.execute(f"DROP TABLE {_WAITING}")
    return True


def tidy(tables: Iterable[type[models.Model]]) -> None:
    """Update the planner's statistics. Call outside a transaction."""
    with connection.cursor() as cursor:
        for model in tables:
            vacuum = "VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "ANALYZE"
            cursor.execute(f'{vacuum} "{model._meta.db_table}"')


def _postgres_indexes(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return (drop, create) statements of every index without a constraint, the slowest to build first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_class t ON t.oid = i.indrelid JOIN pg_am a ON a.oid = c.relam "
            "WHERE t.relname = ANY(%s) AND t.relnamespace = current_schema()::regnamespace AND NOT i.indisunique "
            "ORDER BY a.amname <> 'gin', c.relname DESC",
            [list(names)],
        )
        return [(f'DROP INDEX "{name}"', definition) for name, definition in cursor.fetchall()]


def _sqlite_indexes(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return (drop, create) statements of every index without a constraint."""
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({marks}) "  # noqa: S608
            "AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%%'",
            names,
        )
        return [(f'DROP INDEX "{name}"', sql) for name, sql in cursor.fetchall()]


# ---------------------------------------------------------------- values


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns that a row gives; values that only the database knows are left to it."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.generated and (field.has_default() or field.db_default is NOT_PROVIDED)
    ]


def _plain(value: Any) -> Any:
    is_json = is_dataclass(value) or isinstance(value, dict | list | tuple)
    return json.dumps(to_json(value)) if is_json else value


def _for_sqlite(row: Row) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [adapt(value) if isinstance(value, datetime) else value for value in row]
