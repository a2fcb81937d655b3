"""Words by which the index over all facets and search find books of a language whatever its region: "lde" of "de-AT".

Only books whose tag has more than a language need them. A thousand at a time, each time in a transaction: on a large
shop this takes minutes, and readers go on reading. Broken off, it goes on when it is run again.
"""

import re

from django.db import migrations, transaction

_CHUNK = 1000


def _with_tongue(words, tag, sign):
    tongue = re.sub("[^a-z0-9]", "", tag[:3].lower())
    return " ".join(dict.fromkeys([*words.split(), f"{sign}l{tongue}"]))


def _fill(connection, rows, column, sign):
    """Rows are locked in the order of their keys, as everywhere."""
    sql = f"UPDATE {rows.model._meta.db_table} SET {column} = %s WHERE id = %s"  # noqa: S608 - our own names
    rows = rows.using(connection.alias).filter(language__contains="-").order_by("pk")
    last = 0
    while keys := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:_CHUNK]):
        last = keys[-1]
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            old = list(rows.select_for_update().filter(pk__in=keys).values_list("pk", "language", column))
            new = [(_with_tongue(words, tag, sign), pk) for pk, tag, words in old]
            before = [words for _, _, words in old]
            changed = [row for row, words in zip(new, before, strict=True) if row[0] != words]
            if changed:
                cursor.executemany(sql, changed)


def fill(apps, schema_editor):
    models = {name: apps.get_model("storefront", name).objects for name in ("Listing", "SearchEntry")}
    _fill(schema_editor.connection, models["Listing"].all(), "facet_words", "")
    _fill(schema_editor.connection, models["SearchEntry"].all(), "marks", ".")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0064_index_search_by_band")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, atomic=False)]
