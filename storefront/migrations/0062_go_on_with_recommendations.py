"""How far a count of recommendations has come, so that the next run goes on with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0061_keep_past_prices_in_listings"),
    ]

    operations = [
        migrations.AddField(
            model_name="recommendationrun",
            name="counted_to",
            field=models.BigIntegerField(
                default=0, db_default=0, help_text="the last listing that the count under way has done"
            ),
        ),
        migrations.AddField(
            model_name="recommendationrun",
            name="counting_until",
            field=models.DateTimeField(help_text="what the count under way counts up to", null=True),
        ),
    ]
