import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversion", "0003_remember_where_findings_are_seen"),
        ("publishing", "0028_credit_names_beside_the_release_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="checked_job",
            field=models.ForeignKey(
                help_text="the last finished run, whose remarks stay in sight while the next one goes on",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="conversion.conversionjob",
            ),
        ),
    ]
