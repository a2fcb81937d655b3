from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("advance_copies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="copy",
            name="is_watermarked",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="as the reader was told: the files carry marks of this copy",
            ),
        ),
    ]
