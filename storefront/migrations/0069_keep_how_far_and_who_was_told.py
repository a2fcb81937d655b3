"""Filled by 0074, apart from the columns."""

from django.db import migrations, models


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
    ]
