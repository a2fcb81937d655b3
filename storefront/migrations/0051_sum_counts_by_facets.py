from itertools import combinations

from django.db import migrations, models

_FACETS = ("subject", "language", "price_band", "length_band", "formats", "features")
_SUM = (
    "INSERT INTO storefront_facettotal (facets, first, second, third, is_adult, books) "
    "SELECT '{facets}', {values}, is_adult, SUM(books) FROM storefront_facetcount "
    "GROUP BY {columns}, is_adult HAVING SUM(books) <> 0"
)


def sum_up(apps, schema_editor):
    for size in (1, 2, 3):
        for names in combinations(_FACETS, size):
            values = [f"CAST({name} AS text)" for name in names] + ["''"] * (3 - size)
            schema_editor.execute(
                _SUM.format(facets=",".join(names), values=", ".join(values), columns=", ".join(names))
            )


class Migration(migrations.Migration):
    dependencies = [("storefront", "0049_recommend_books")]

    operations = [
        migrations.CreateModel(
            name="FacetTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facets", models.CharField(max_length=40)),
                ("first", models.CharField(blank=True, max_length=35)),
                ("second", models.CharField(blank=True, max_length=35)),
                ("third", models.CharField(blank=True, max_length=35)),
                ("is_adult", models.BooleanField()),
                ("books", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("facets", "first", "second", "third", "is_adult"), name="facet_total_once"
                    )
                ],
            },
        ),
        migrations.RunPython(sum_up, migrations.RunPython.noop),
    ]
