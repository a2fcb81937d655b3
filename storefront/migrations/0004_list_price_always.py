from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0003_drop_card_markup"),
    ]

    operations = [
        migrations.AlterField(
            model_name="orderline",
            name="list_minor",
            field=models.PositiveIntegerField(help_text="what the author asked, before tax that is added"),
        ),
    ]
