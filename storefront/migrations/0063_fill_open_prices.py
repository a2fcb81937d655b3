"""In which currencies readers choose what they pay, from the prices of their books.

Apart from the column, so that nobody waits for its lock meanwhile, and a thousand at a time.
"""

from itertools import batched, groupby

from django.db import migrations


def fill(apps, schema_editor):
    """Of the books with an open price only; what says nothing stays without a value, which reads alike."""
    price = apps.get_model("publishing", "Price").objects.using(schema_editor.connection.alias)
    rows = price.filter(is_open=True).order_by("work_id", "currency").values_list("work_id", "currency").iterator()
    books = ((" ".join(code for _, code in codes), work) for work, codes in groupby(rows, key=lambda row: row[0]))
    # All of them first: SQLite reads no cursor on while its table's neighbours are written.
    for some in batched(list(books), 1000, strict=False):
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany("UPDATE storefront_listing SET open_in = %s WHERE work_id = %s", some)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0062_go_on_with_recommendations")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, atomic=False)]
