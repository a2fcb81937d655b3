"""Workers of the release before, which know no `is_on_page`, can go on crediting names while this one is rolled out."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0027_hold_works_by_decisions")]

    operations = [
        migrations.AlterField(
            model_name="contributor",
            name="is_on_page",
            field=models.BooleanField(
                default=True,
                db_default=True,
                help_text="the name leads to the person's page and the book stands there; not so for a pen name",
            ),
        ),
    ]
