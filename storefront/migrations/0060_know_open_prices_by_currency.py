"""In which currencies readers choose what they pay, where cards can read it."""

from itertools import batched, groupby

from django.db import migrations, models


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
    dependencies = [
        ("publishing", "0010_open_prices_and_release_dates"),
        ("storefront", "0059_find_what_begins_so"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="open_in",
            field=models.CharField(
                help_text="where readers choose, from the price up: “EUR USD”", max_length=100, null=True
            ),
        ),
        migrations.AlterField(
            model_name="listing",
            name="is_open_price",
            field=models.BooleanField(db_default=False, default=False, help_text="in the shop's default currency"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
