from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0018_house_defaults"),
    ]

    operations = [
        migrations.AddField(
            model_name="work",
            name="is_watermarked",
            field=models.BooleanField(
                db_default=False, default=False, help_text="copies sold from now on carry marks of their buyers"
            ),
        ),
    ]
