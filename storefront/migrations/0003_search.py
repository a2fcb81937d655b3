"""Full text search over listings, in the database's own words: GIN indexes on PostgreSQL, an FTS5 table on SQLite.

SQLite rebuilds a table to alter it and drops its triggers with it: a later migration that alters Listing must run
`install` again.
"""

from django.db import migrations

POSTGRES = [
    "CREATE INDEX listing_names_fts ON storefront_listing USING gin (to_tsvector('simple', search_names))",
    "CREATE INDEX listing_text_fts ON storefront_listing "
    "USING gin (to_tsvector('simple', search_names || ' ' || search_text))",
]
POSTGRES_BACK = ["DROP INDEX listing_names_fts", "DROP INDEX listing_text_fts"]

_DELETE = (
    "INSERT INTO storefront_listing_fts(storefront_listing_fts, rowid, search_names, search_text) "
    "VALUES ('delete', old.id, old.search_names, old.search_text);"
)
_INSERT = (
    "INSERT INTO storefront_listing_fts(rowid, search_names, search_text) "
    "VALUES (new.id, new.search_names, new.search_text);"
)
SQLITE = [
    "CREATE VIRTUAL TABLE storefront_listing_fts USING fts5("
    "search_names, search_text, content='storefront_listing', content_rowid='id', prefix='2 3')",
    f"CREATE TRIGGER listing_fts_insert AFTER INSERT ON storefront_listing BEGIN {_INSERT} END",
    f"CREATE TRIGGER listing_fts_delete AFTER DELETE ON storefront_listing BEGIN {_DELETE} END",
    "CREATE TRIGGER listing_fts_update AFTER UPDATE OF search_names, search_text ON storefront_listing "
    f"WHEN old.search_names <> new.search_names OR old.search_text <> new.search_text BEGIN {_DELETE} {_INSERT} END",
    "INSERT INTO storefront_listing_fts(storefront_listing_fts) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER listing_fts_insert",
    "DROP TRIGGER listing_fts_delete",
    "DROP TRIGGER listing_fts_update",
    "DROP TABLE storefront_listing_fts",
]


def install(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("storefront", "0002_catalogue")]

    operations = [migrations.RunPython(install, remove)]
