"""Checks and closed months keep the end of the audit log's chain: what is cut off later shows."""

from django.db import migrations, models

from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0107_remember_the_format_of_statement_files"),
    ]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
        migrations.AddField(
            model_name="closedperiod",
            name="audit_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="closedperiod",
            name="audit_position",
            field=models.BigIntegerField(default=0, help_text="where the audit log's chain ended"),
        ),
        migrations.AddField(
            model_name="ledgercheck",
            name="audit_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="ledgercheck",
            name="audit_position",
            field=models.BigIntegerField(default=0, help_text="where the audit log's chain ended"),
        ),
        migrations.RunPython(install_triggers, drop_triggers),
    ]
