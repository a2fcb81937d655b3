"""An index of authors and series by how many books they have, for the lists of them. Nobody waits while it is made."""

from django.db import migrations, models

_INDEX = models.Index(
    fields=["kind", "-weight", "-id"], condition=models.Q(("listing", None)), name="search_entry_largest"
)


def make(apps, schema_editor):
    model = apps.get_model("storefront", "SearchEntry")
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.add_index(model, _INDEX)
        return
    schema_editor.execute(f"DROP INDEX IF EXISTS {_INDEX.name}")  # of a migration that was cut off, and not valid
    schema_editor.execute(_INDEX.create_sql(model, schema_editor, concurrently=True))


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX IF EXISTS {_INDEX.name}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0066_index_languages_without_regions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddIndex("searchentry", _INDEX)],
            database_operations=[migrations.RunPython(make, drop)],
        )
    ]
