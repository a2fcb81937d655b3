from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0025_ask_whoever_loses_a_share")]

    operations = [
        migrations.AddField(
            model_name="contributor",
            name="is_on_page",
            field=models.BooleanField(
                default=True,
                help_text="the name leads to the person's page and the book stands there; not so for a pen name",
            ),
        ),
    ]
