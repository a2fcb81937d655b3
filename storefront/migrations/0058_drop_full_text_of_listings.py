"""Search reads entries of its own (docs/decisions/0048): nobody reads the full text over listings any more."""

from importlib import import_module

from django.db import migrations

search = import_module("storefront.migrations.0003_search")
POSTGRES = ["DROP INDEX IF EXISTS listing_names_fts", "DROP INDEX IF EXISTS listing_text_fts"]
SQLITE = [
    "DROP TRIGGER IF EXISTS listing_fts_insert",
    "DROP TRIGGER IF EXISTS listing_fts_delete",
    "DROP TRIGGER IF EXISTS listing_fts_update",
    "DROP TABLE IF EXISTS storefront_listing_fts",
]


def drop(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("storefront", "0054_complete_series")]

    operations = [migrations.RunPython(drop, search.install)]
