from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0003_drop_format_of_proofs"),
    ]

    operations = [
        migrations.AlterField(
            model_name="salerecord",
            name="list_price_minor",
            field=models.PositiveBigIntegerField(help_text="what the author asked when it was sold, before coupons"),
        ),
    ]
