"""Until now every refund gave back the whole of a sale."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    refunds = apps.get_model("royalties", "SaleRefund")
    shares = apps.get_model("royalties", "SaleRefundShare")
    for refund in refunds.objects.select_related("sale").prefetch_related("sale__shares").iterator(chunk_size=1000):
        sale = refund.sale
        for part in ("paid", "tax", "processor_fee", "platform_fee", "royalty"):
            setattr(refund, f"{part}_minor", getattr(sale, f"{part}_minor"))
        refund.is_last = True
        refund.save()
        shares.objects.bulk_create(
            shares(refund=refund, user_id=share.user_id, amount_minor=share.amount_minor) for share in sale.shares.all()
        )
        sale.shares.update(returned_minor=F("amount_minor"))
        sale.returned_minor = sale.paid_minor
        sale.save()


class Migration(migrations.Migration):
    dependencies = [("royalties", "0004_return_sales_in_part")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
