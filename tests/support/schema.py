"""What a database has of ours, table by table, as lines of text: columns, constraints, indexes, triggers, statistics
and rows. PostgreSQL's functions stand beside the tables.

The order of columns is left out, and so are the digests in the names that Django makes up.
"""

# ruff: noqa: S608 - queries of our own words
from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

type Schema = dict[str, list[str]]

_DIGEST = re.compile(r"_[0-9a-f]{8}(?=_|\b)")
_OURS = "c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')"
_POSTGRESQL = {
    "column": f"""
        SELECT c.relname, concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attnotnull THEN 'NOT NULL' END,
          CASE WHEN a.attgenerated <> '' THEN 'GENERATED' WHEN d.adbin IS NOT NULL THEN 'DEFAULT' END,
          pg_get_expr(d.adbin, d.adrelid), 'IDENTITY ' || nullif(a.attidentity::text, ''),
          'COLLATE ' || (SELECT collname FROM pg_collation WHERE oid = a.attcollation AND oid <> t.typcollation),
          'OPTIONS ' || a.attoptions::text, 'STATISTICS ' || nullif(a.attstattarget, -1))
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE {_OURS} AND a.attnum > 0 AND NOT a.attisdropped""",
    "table": f"""
        SELECT c.relname, concat_ws(' ', c.relkind, c.relpersistence, c.reloptions::text)
        FROM pg_class c WHERE {_OURS}""",
    # Newer servers have NOT NULL among these, too.
    "constraint": f"""
        SELECT c.relname, k.conname || ' ' || pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE {_OURS} AND k.contype <> 'n'""",
    "index": f"""
        SELECT c.relname, concat_ws(' ', pg_get_indexdef(i.indexrelid), CASE WHEN NOT i.indisvalid THEN 'INVALID' END)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE {_OURS}""",
    "trigger": f"""
        SELECT c.relname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {_OURS} AND NOT t.tgisinternal""",
    "statistics": f"""
        SELECT c.relname, pg_get_statisticsobjdef(s.oid)
        FROM pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid WHERE {_OURS}""",
    "function": """
        SELECT proname || '()', concat_ws(' ', pg_get_functiondef(oid), proacl IS NULL) FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND prokind <> 'a'""",
    "aggregate": """
        SELECT proname || '()', concat_ws(' ', p.oid::regprocedure, a.aggtransfn, a.aggcombinefn,
          a.aggtranstype::regtype, a.agginitval, p.provolatile, p.proparallel)
        FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
        WHERE p.pronamespace = current_schema()::regnamespace""",
}
_SQLITE = "SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"


def our_apps() -> list[str]:
    """The labels of our own apps that have migrations."""
    return sorted(app.label for app in apps.get_app_configs() if (migrations_of(app) / "0001_initial.py").is_file())


def migrations_of(app: AppConfig) -> Path:
    """The folder of an app's migrations; of others' apps one that is not there."""
    path = Path(app.path)
    return Path() if "site-packages" in path.parts else path / "migrations"


def describe(connection: BaseDatabaseWrapper) -> Schema:
    """Tables and functions by name, each with its sorted lines."""
    found: Schema = defaultdict(list)
    with connection.cursor() as cursor:
        read = {"postgresql": _read_postgresql, "sqlite": _read_sqlite}[connection.vendor]
        for name, line in read(cursor):
            found[name].append(_DIGEST.sub("_…", " ".join(line.split())))
        ours = {name: lines for name, lines in sorted(found.items()) if _is_ours(name)}
        for table in set(ours).intersection(connection.introspection.table_names(cursor)):
            if "_fts" not in table:
                ours[table] += _rows(cursor, table)
    return {name: sorted(lines) for name, lines in ours.items()}


def fingerprints(schema: Schema) -> dict[str, str]:
    """A short digest of each table and function."""
    return {name: hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12] for name, lines in schema.items()}


def _is_ours(name: str) -> bool:
    """Only we make functions."""
    return name.endswith("()") or name.startswith(tuple(f"{label}_" for label in our_apps()))


def _read_postgresql(cursor: CursorWrapper) -> Iterator[tuple[str, str]]:
    for kind, query in _POSTGRESQL.items():
        cursor.execute(query)
        for name, text in cursor.fetchall():
            yield name, f"{kind} {text}"


def _read_sqlite(cursor: CursorWrapper) -> Iterator[tuple[str, str]]:
    cursor.execute(_SQLITE)
    for table, kind, name, text in cursor.fetchall():
        if kind != "table" or "VIRTUAL TABLE" in text:
            yield table, f"{kind} {name} {text}"
            continue
        columns, _, options = text.partition("(")[2].rpartition(")")
        yield table, f"table {options}"
        for column in _parts(columns):
            yield table, f"column {column}"


def _parts(text: str) -> Iterator[str]:
    """What stands between the commas outside of brackets and quotes."""
    depth, quote, start = 0, "", 0
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and not depth:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _rows(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in cursor.description or ()]
    rows = (dict(sorted(zip(names, row, strict=True))) for row in cursor.fetchall())
    return [f"row {json.dumps(row, default=str)}" for row in rows]
