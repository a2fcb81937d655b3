from django.db import migrations

import common.ids


class Migration(migrations.Migration):
    dependencies = [("community", "0006_anyone_reports")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="public_id",
            field=common.ids.PublicIdField(editable=False, max_length=40, prefix="rep", unique=True),
        ),
    ]
