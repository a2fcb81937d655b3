"""Who sold an order is kept with it. Filled by 0077, apart from the column."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("storefront", "0075_tell_payments_that_do_not_match")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="seller",
            field=models.JSONField(
                help_text="as it was named when this was paid; its receipts go on naming it", null=True
            ),
        ),
    ]
