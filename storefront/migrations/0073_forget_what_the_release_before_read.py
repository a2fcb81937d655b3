"""Search has its words by band since 0064, and open prices stand by currency since 0060.

The column of open prices in the shop's own currency stays in the table, with its default, for a release longer:
processes that run while this is migrated still name it.
"""

from django.db import migrations


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in ("search_entry_names", "search_entry_people", "search_entry_text"):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("storefront", "0072_count_warnings")]

    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="listing", name="is_open_price")]
        ),
    ]
