from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q, Subquery


def fill(apps, schema_editor):
    """Known where what was sold at, without a coupon and without tax on top, is what its author still asks.

    Of other sales nobody kept it: bundles, open prices, prices that were changed since.
    """
    lines = apps.get_model("storefront", "OrderLine").objects
    price_model = apps.get_model("publishing", "Price")
    sales = apps.get_model("royalties", "SaleRecord").objects
    prices = price_model.objects.filter(work=OuterRef("edition__work"), currency=OuterRef("order__currency"))
    asked = Subquery(prices.values("list_price_minor")[:1])
    found = lines.filter(list_minor=None, bundle=None).annotate(asked=asked)
    same = Q(full_minor=F("asked")) | (
        Q(full_minor=None) & (Q(paid_minor=F("asked")) | Q(paid_minor=F("asked") + F("tax_minor")))
    )
    for pk, price in found.filter(same).values_list("pk", "asked").iterator(chunk_size=2000):
        lines.filter(pk=pk).update(list_minor=price)
    kept = apps.get_model("storefront", "OrderLine").objects.filter(
        public_id=OuterRef("reference"), list_minor__isnull=False
    )
    sales.filter(Exists(kept), list_price_minor=None).update(list_price_minor=Subquery(kept.values("list_minor")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0020_keep_list_prices_and_return_the_rest"),
        ("royalties", "0081_win_on_appeal_and_keep_list_prices"),
        ("publishing", "0010_open_prices_and_release_dates"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
