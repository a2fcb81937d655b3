"""Append-only tables, enforced by triggers on PostgreSQL and SQLite.

`protect` creates the triggers as they are today. Migrations contain the statements in full, so that they stay what they
were. SQLite drops a table's triggers when a migration rebuilds the table; such a migration must create them again. Apps
declare their tables when they are ready, so that the application's database role gets no more rights on them than it
needs (`manage.py grant_application_role`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

_declared: dict[str, tuple[str, ...]] = {}


def declare(*tables: str, erasable: tuple[str, ...] = ()) -> None:
    """Declare append-only tables, and which of their columns may be erased."""
    _declared.update(dict.fromkeys(tables, erasable))


def declared() -> dict[str, tuple[str, ...]]:
    """Return every append-only table with the columns that may be erased."""
    return dict(sorted(_declared.items()))


def protect(connection: BaseDatabaseWrapper, table: str, *, emptied: Mapping[str, str] | None = None) -> None:
    """Refuse every update, deletion and truncation of the table's rows.

    `emptied` names columns that may be erased, and the value each then has: the only update allowed sets all of them to
    that, and nothing else.
    """
    make = {"postgresql": _postgresql, "sqlite": _sqlite}[connection.vendor]
    _run(connection, make(connection, table, emptied or {}))


def unguard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Allow changes to the table again."""
    if connection.vendor == "postgresql":
        _run(connection, [f"DROP FUNCTION {_name(table)} CASCADE"])
    else:
        _run(connection, [f"DROP TRIGGER {_name(table)}_{event}" for event in ("update", "delete")])


def _name(table: str) -> str:
    return f"append_only_{table}"


def _postgresql(connection: BaseDatabaseWrapper, table: str, emptied: Mapping[str, str]) -> Iterable[str]:
    # The search path is empty because anyone may create a temporary function or operator with a name used here.
    yield f"""
        CREATE FUNCTION {_name(table)}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
        BEGIN
          {_postgresql_exception(emptied)}
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
        END $$"""
    yield f"""
        CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {_name(table)}()"""
    yield f"""
        CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {_name(table)}()"""


def _postgresql_exception(emptied: Mapping[str, str]) -> str:
    if not emptied:
        return ""
    columns = ", ".join(f"'{name}'" for name in emptied)
    empty = " AND ".join(f"NEW.{name} = '{value}'" for name, value in emptied.items())
    same = f"to_jsonb(NEW) - ARRAY[{columns}] = to_jsonb(OLD) - ARRAY[{columns}]"
    return f"IF TG_OP = 'UPDATE' THEN IF {empty} AND {same} THEN RETURN NEW; END IF; END IF;"


def _sqlite(connection: BaseDatabaseWrapper, table: str, emptied: Mapping[str, str]) -> Iterable[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    yield f"CREATE TRIGGER {_name(table)}_delete BEFORE DELETE ON {table} {refuse}"
    when = ""
    if emptied:
        with connection.cursor() as cursor:
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        empty = [f"NEW.{name} IS '{value}'" for name, value in emptied.items()]
        same = [f"NEW.{name} IS OLD.{name}" for name in columns if name not in emptied]
        when = f"WHEN NOT ({' AND '.join([*empty, *same])})"
    yield f"CREATE TRIGGER {_name(table)}_update BEFORE UPDATE ON {table} {when} {refuse}"


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
