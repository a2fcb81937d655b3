"""Indexes that lists of a language walk, whatever the region: one for each order.

They are over an expression of the column that is there, so that no book is written. People go on publishing and buying
while PostgreSQL makes them, which takes two scans of the table each. Of how many books a language has it learns nothing
by these indexes, since they are partial, and would take every language for a rarity: it is told to count the expression.
"""

from django.db import migrations, models

_TONGUE = models.Func(models.F("language"), template="rtrim(substr(%(expressions)s, 1, 3), '-')")
_ORDERS = {"newest": "published_at", "bestselling": "sales_count", "rated": "rating_score"}
_INDEXES = [
    models.Index(
        _TONGUE,
        models.F(order).desc(),
        models.F("id").desc(),
        condition=models.Q(("is_on_sale", True)),
        name=f"listing_tongue_{name}",
    )
    for name, order in _ORDERS.items()
]


def make(apps, schema_editor):
    model = apps.get_model("storefront", "Listing")
    for index in _INDEXES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"DROP INDEX IF EXISTS {index.name}"
            )  # of a migration that was cut off, and not valid
            schema_editor.execute(index.create_sql(model, schema_editor, concurrently=True))
        else:
            schema_editor.add_index(model, index)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE STATISTICS IF NOT EXISTS listing_tongue ON (rtrim(substr(language, 1, 3), '-')) "
            "FROM storefront_listing"
        )
        schema_editor.execute("ANALYZE storefront_listing")


def drop(apps, schema_editor):
    for index in _INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {index.name}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS IF EXISTS listing_tongue")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0065_know_languages_without_regions")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddIndex("listing", index) for index in _INDEXES],
            database_operations=[migrations.RunPython(make, drop)],
        )
    ]
