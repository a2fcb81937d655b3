from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0004_name_promotions_on_order_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="is_watermarked",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="as the buyer was told: the files carry marks of this copy",
            ),
        ),
    ]
