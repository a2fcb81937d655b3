"""Drop the full text indexes of migration 0033, which nobody reads since those of 0064 took their place.

Run it when no process of the release before is left: its searches would read whole tables.
"""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("storefront.migrations.0033_index_search_entries")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in _BEFORE.POSTGRES_BACK:
            schema_editor.execute(statement)


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in _BEFORE.POSTGRES:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("storefront", "0064_index_search_by_band")]

    operations = [migrations.RunPython(drop, make)]
