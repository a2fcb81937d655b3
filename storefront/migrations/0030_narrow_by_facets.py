from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

search = import_module("storefront.migrations.0003_search")

_ORDERS = {"newest": "-published_at", "bestselling": "-sales_count", "rated": "-rating_score"}
_CHUNK = 1000
_FACETS = "subject, language, price_band, length_band, formats, features, warnings, is_adult"
_FILLED = (
    "subject",
    "section",
    "price_band",
    "length_band",
    "formats",
    "features",
    "facet_words",
)


def without_search(apps, schema_editor):
    """SQLite makes a table anew to alter it, and would lose the triggers of the full text."""
    if schema_editor.connection.vendor == "sqlite":
        search.remove(apps, schema_editor)


def with_search(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        search.install(apps, schema_editor)


def fill(apps, schema_editor):
    """Facets of the books there are; works have their Thema code by now."""
    from storefront import facets

    listings = apps.get_model("storefront", "Listing").objects
    rows = []
    for row in listings.select_related("work").defer("sample_html", "search_text").iterator(_CHUNK):
        files = [(one["kind"], one["target"]) for one in row.details.get("formats", [])]
        features = row.details.get("accessibility", [])
        row.subject, row.section = row.work.subject[:2], row.work.subject[:1]
        row.price_band, row.length_band = facets.price_band(row.price_minor), facets.length_band(row.words)
        row.formats = facets.bits(facets.formats_of(files, features), facets.FORMATS)
        row.features = facets.bits(features, facets.FEATURES)
        row.facet_words = facets.words_of_book(
            subject=row.subject,
            language=row.language,
            price=row.price_band,
            length=row.length_band,
            formats=row.formats,
            features=row.features,
        )
        rows.append(row)
        if len(rows) == _CHUNK:
            listings.bulk_update(rows, _FILLED)
            rows = []
    listings.bulk_update(rows, _FILLED)


def count(apps, schema_editor):
    schema_editor.execute(
        f"INSERT INTO storefront_facetcount ({_FACETS}, books) "  # noqa: S608 - our own column names
        f"SELECT {_FACETS}, COUNT(*) FROM storefront_listing WHERE is_on_sale GROUP BY {_FACETS}"
    )


def index_by_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX listing_facets ON storefront_listing USING gin (to_tsvector('simple', facet_words))"
        )


def no_index_by_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX listing_facets")


def _band():
    return models.PositiveSmallIntegerField(db_default=0, default=0)


def _bits():
    return models.PositiveIntegerField(db_default=0, default=0)


class Migration(migrations.Migration):
    atomic = True
    dependencies = [
        ("publishing", "0020_subjects_by_thema"),
        ("storefront", "0021_fill_list_prices"),
    ]

    operations = [
        migrations.RunPython(without_search, with_search),
        migrations.RemoveIndex(model_name="listing", name="listing_subject_newest"),
        migrations.AddField(
            "listing",
            "section",
            models.CharField(db_default="", default="", help_text="Thema, the subject’s first letter", max_length=1),
        ),
        migrations.AddField("listing", "price_band", _band()),
        migrations.AddField("listing", "length_band", _band()),
        migrations.AddField("listing", "formats", _bits()),
        migrations.AddField("listing", "features", _bits()),
        migrations.AddField("listing", "warnings", _bits()),
        migrations.AddField("listing", "is_adult", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "listing",
            "facet_words",
            models.CharField(db_default="", default="", help_text="for the index over all facets", max_length=300),
        ),
        migrations.AddField(
            "listing",
            "series",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="listings", to="publishing.series"
            ),
        ),
        migrations.AddField("listing", "series_number", models.PositiveSmallIntegerField(null=True)),
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(blank=True, max_length=2)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("price_band", models.PositiveSmallIntegerField()),
                ("length_band", models.PositiveSmallIntegerField()),
                ("formats", models.PositiveIntegerField()),
                ("features", models.PositiveIntegerField()),
                ("warnings", models.PositiveIntegerField()),
                ("is_adult", models.BooleanField()),
                ("books", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "subject",
                            "language",
                            "price_band",
                            "length_band",
                            "formats",
                            "features",
                            "warnings",
                            "is_adult",
                        ),
                        name="facet_count_once",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("listing", "subject", models.CharField(help_text="Thema, two letters", max_length=2)),
        *[
            migrations.AddIndex(
                "listing",
                models.Index(
                    fields=[column, order, "-id"],
                    condition=models.Q(("is_on_sale", True)),
                    name=f"listing_{column}_{name}",
                ),
            )
            for column in ("subject", "section", "language")
            for name, order in _ORDERS.items()
        ],
        migrations.RunPython(index_by_words, no_index_by_words),
        migrations.RunPython(with_search, without_search),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
