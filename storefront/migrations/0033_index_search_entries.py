"""Full text search over entries: GIN indexes on PostgreSQL, an FTS5 table on SQLite.

PostgreSQL makes vectors straight from the words, which are folded already: no parser decides anew what a word is, and
marks such as ".len" stay apart from words. It keeps no list of pending changes, which every search would have to read
through (`fastupdate`). `storefront.selectors.search_sql` repeats the expressions.

SQLite asks for marks and tiers in their own columns instead. It rebuilds a table to alter it and drops its triggers
with it: a later migration that alters SearchEntry must run `install` again.

The indexes over listings (0003) have no reader from here on and go in a later release, so that the one before this can
run beside it.
"""

# ruff: noqa: S608 - statements of our own column names
from django.db import migrations


def _vector(columns):
    words = " || ' ' || ".join(columns)
    return f"array_to_tsvector(array_remove(string_to_array({words}, ' '), ''))"


def _gin(name, columns, of):
    return (
        f"CREATE INDEX {name} ON storefront_searchentry USING gin (({_vector(columns)})) "
        f"WITH (fastupdate = off) WHERE {of}"
    )


# Kinds are told apart by partial indexes, and not by a mark: a word that most entries have makes each search slow.
POSTGRES = [
    _gin("search_entry_names", ["names", "marks", "tiers"], "kind = 'book'"),
    _gin("search_entry_people", ["names", "marks", "tiers"], "kind <> 'book'"),
    _gin("search_entry_text", ["names", "text", "marks", "tiers"], "kind = 'book'"),
]
POSTGRES_BACK = ["DROP INDEX search_entry_names", "DROP INDEX search_entry_people", "DROP INDEX search_entry_text"]

_COLUMNS = ("names", "text", "marks", "tiers")
_LIST = ", ".join(_COLUMNS)


def _row(which):
    return ", ".join(f"{which}.{column}" for column in _COLUMNS)


_DELETE = (
    f"INSERT INTO storefront_searchentry_fts(storefront_searchentry_fts, rowid, {_LIST}) "
    f"VALUES ('delete', old.id, {_row('old')});"
)
_INSERT = f"INSERT INTO storefront_searchentry_fts(rowid, {_LIST}) VALUES (new.id, {_row('new')});"
_CHANGED = " OR ".join(f"old.{column} <> new.{column}" for column in _COLUMNS)
SQLITE = [
    f"CREATE VIRTUAL TABLE storefront_searchentry_fts USING fts5({_LIST}, "
    "content='storefront_searchentry', content_rowid='id')",
    f"CREATE TRIGGER search_entry_insert AFTER INSERT ON storefront_searchentry BEGIN {_INSERT} END",
    f"CREATE TRIGGER search_entry_delete AFTER DELETE ON storefront_searchentry BEGIN {_DELETE} END",
    f"CREATE TRIGGER search_entry_update AFTER UPDATE OF {_LIST} ON storefront_searchentry "
    f"WHEN {_CHANGED} BEGIN {_DELETE} {_INSERT} END",
    "INSERT INTO storefront_searchentry_fts(storefront_searchentry_fts) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER IF EXISTS search_entry_insert",
    "DROP TRIGGER IF EXISTS search_entry_delete",
    "DROP TRIGGER IF EXISTS search_entry_update",
    "DROP TABLE IF EXISTS storefront_searchentry_fts",
]


def install(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("storefront", "0032_fill_search_entries")]

    operations = [migrations.RunPython(install, remove)]
