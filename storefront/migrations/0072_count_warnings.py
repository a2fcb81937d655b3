"""Sums of books by warnings, alone and beside one or two other facets, as lists read them."""

from itertools import combinations

from django.db import migrations

_FACETS = ("subject", "language", "price_band", "length_band", "formats", "features")
_SUM = (
    "INSERT INTO storefront_facettotal (facets, first, second, third, is_adult, books) "
    "SELECT '{facets}', {values}, is_adult, SUM(books) FROM storefront_facetcount "
    "WHERE warnings <> 0 GROUP BY {columns}, is_adult HAVING SUM(books) <> 0"
)


def sum_up(apps, schema_editor):
    for size in (0, 1, 2):
        for some in combinations(_FACETS, size):
            names = (*some, "warnings")
            values = [f"CAST({name} AS text)" for name in names] + ["''"] * (3 - len(names))
            schema_editor.execute(
                _SUM.format(facets=",".join(names), values=", ".join(values), columns=", ".join(names))
            )


def forget(apps, schema_editor):
    apps.get_model("storefront", "FacetTotal").objects.filter(facets__endswith="warnings").delete()


class Migration(migrations.Migration):
    dependencies = [("storefront", "0071_write_out_turns")]

    operations = [migrations.RunPython(sum_up, forget)]
