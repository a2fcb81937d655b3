from django.db import migrations, models
from django.db.models import Exists, F, OuterRef, Subquery


def fill(apps, schema_editor):
    """How far each book was read, as far as its last position tells; and nobody is told of what is long over."""
    entitlements = apps.get_model("storefront", "Entitlement").objects
    positions = apps.get_model("storefront", "ReadingPosition").objects.filter(
        user=OuterRef("user"), work=OuterRef("work"), fraction_bps__gt=0
    )
    furthest = Subquery(positions.values("fraction_bps")[:1])
    entitlements.filter(Exists(positions), ended_at=None).update(furthest_bps=furthest)
    disputes = apps.get_model("storefront", "Dispute").objects
    disputes.filter(decided_at__isnull=False).update(told_at=F("decided_at"))
    ended = entitlements.filter(line=OuterRef("line"), ended_at__isnull=False)
    gifts = apps.get_model("storefront", "Gift").objects.filter(redeemed_at__isnull=False)
    gifts.filter(Exists(ended)).update(end_told_at=Subquery(ended.values("ended_at")[:1]))
    preorders = apps.get_model("storefront", "Preorder").objects
    preorders.filter(canceled_at__isnull=False, mailed_at=None).update(mailed_at=F("canceled_at"))
    refunds = apps.get_model("storefront", "Refund").objects
    refunds.filter(state="failed", mailed_at=None).update(mailed_at=F("finished_at"))


class Migration(migrations.Migration):
    dependencies = [("storefront", "0068_tell_readers_of_late_books")]

    operations = [
        migrations.AddField(
            model_name="entitlement",
            name="furthest_bps",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="of the whole: how far it was ever read; it only rises"
            ),
        ),
        migrations.AddField(
            model_name="gift",
            name="end_told_at",
            field=models.DateTimeField(help_text="when whoever opened it heard that it ended", null=True),
        ),
        migrations.AddField(
            model_name="dispute",
            name="told_at",
            field=models.DateTimeField(help_text="when the buyer heard what a lost one took", null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="quarantine_told_at",
            field=models.DateTimeField(help_text="when the buyer heard that a person looks at it", null=True),
        ),
        migrations.AlterField(
            model_name="preorder",
            name="mailed_at",
            field=models.DateTimeField(
                help_text="when its buyer was told that it is out, or, of a free one, that it will not be", null=True
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
