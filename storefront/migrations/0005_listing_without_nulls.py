from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0004_list_price_always"),
    ]

    operations = [
        migrations.AlterField(
            model_name="listing",
            name="open_in",
            field=models.CharField(
                blank=True,
                default="",
                help_text="where readers choose, from the price up: “EUR USD”",
                max_length=100,
            ),
        ),
        migrations.AlterField(
            model_name="listing",
            name="reviews_version",
            field=models.PositiveIntegerField(default=0, help_text="rises with every change around its reviews"),
        ),
    ]
