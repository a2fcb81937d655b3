"""Orders paid before get the seller of today, as the settings name it: nobody wrote down who it was then.

A shop whose seller has changed since sets `SELLER_*` as they were before it runs this, and as they are now afterwards.
One that names no seller yet fills nothing, and those receipts name whoever is set later. A thousand at a time, for the
shop is open; it can be run again.
"""

from django.conf import settings
from django.db import migrations

_CHUNK = 1000


def fill(apps, schema_editor):
    if not settings.SELLER_NAME:
        return
    seller = {
        "name": settings.SELLER_NAME,
        "address": list(settings.SELLER_ADDRESS),
        "vat_id": settings.SELLER_VAT_ID,
        "email": settings.SELLER_EMAIL,
    }
    orders = apps.get_model("storefront", "Order").objects.using(schema_editor.connection.alias)
    paid, last = orders.filter(paid_at__isnull=False, seller__isnull=True), 0
    while keys := list(paid.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        last = keys[-1]
        paid.filter(pk__in=keys).update(seller=seller)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0076_keep_who_sold")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, atomic=False)]
