"""Payments that came for an order that was paid already, and are not what was quoted, have a state of their own.

Those of before: of an order that is paid every payment but the first that bought it, and those that go back as needless.
No older release reads the state, and what bought stays as it is.
"""

from django.db import migrations, models
from django.db.models import Exists, OuterRef

_STATES = [
    ("pending", "Pending"),
    ("succeeded", "Succeeded"),
    ("unmatched", "Unmatched"),
    ("failed", "Failed"),
    ("expired", "Expired"),
    ("refunded", "Refunded"),
]


def tell(apps, schema_editor):
    payments, refunds = (
        apps.get_model("storefront", name).objects.using(schema_editor.connection.alias)
        for name in ("Payment", "Refund")
    )
    is_needless = Exists(refunds.filter(payment=OuterRef("pk"), line=None))
    paid = payments.filter(~is_needless, state="succeeded", order__state="paid")
    before = paid.filter(order=OuterRef("order"), pk__lt=OuterRef("pk"))
    unmatched = paid.filter(Exists(before)).values_list("pk", flat=True)
    payments.filter(pk__in=list(unmatched)).update(state="unmatched")


def untell(apps, schema_editor):
    payments = apps.get_model("storefront", "Payment").objects.using(schema_editor.connection.alias)
    payments.filter(state="unmatched").update(state="succeeded")


class Migration(migrations.Migration):
    dependencies = [("storefront", "0074_fill_how_far_and_who_was_told")]

    operations = [
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(choices=_STATES, default="pending", max_length=10),
        ),
        migrations.RunPython(tell, untell),
    ]
