"""Lines that lie in carts get the public ids by which pages name them from now on. A thousand at a time, for the shop is
open; it can be run again."""

from django.db import migrations

from common.ids import public_id

_CHUNK = 1000


def fill(apps, schema_editor):
    lines = apps.get_model("storefront", "CartLine").objects.using(schema_editor.connection.alias)
    while chunk := list(lines.filter(public_id=None).order_by("pk")[:_CHUNK]):
        for line in chunk:
            line.public_id = public_id("crl")
        lines.bulk_update(chunk, ["public_id"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0084_name_cart_lines_by_public_ids")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, atomic=False)]
