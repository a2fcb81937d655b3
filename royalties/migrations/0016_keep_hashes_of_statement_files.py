import django.db.models.deletion
from django.db import migrations, models

from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0015_commit_to_postings"),
    ]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
        migrations.CreateModel(
            name="StatementProof",
            fields=[
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="proof",
                        serialize=False,
                        to="royalties.statement",
                    ),
                ),
                ("file_sha256", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(install_triggers, drop_triggers),
    ]
