from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="work",
            name="reading_age",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="lowest age of its readers in years, as its author says", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="work",
            constraint=models.CheckConstraint(
                condition=models.Q(("reading_age__lte", 18)), name="work_reading_age_range"
            ),
        ),
    ]
