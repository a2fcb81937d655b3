from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversion", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="conversionjob",
            name="due_at",
            field=models.DateTimeField(
                help_text="orders waiting jobs: a large source is due later than a small one or a correction"
            ),
        ),
    ]
