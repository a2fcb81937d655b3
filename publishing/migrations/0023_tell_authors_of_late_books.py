from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0022_price_completed_series")]

    operations = [
        migrations.AddField(
            model_name="work",
            name="late_date",
            field=models.DateField(
                help_text="the day of release of which its owner was told that it passed", null=True
            ),
        ),
    ]
