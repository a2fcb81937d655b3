"""In which currencies readers choose what they pay, where cards can read it. Filled by 0063."""

from django.db import migrations, models


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
    ]
