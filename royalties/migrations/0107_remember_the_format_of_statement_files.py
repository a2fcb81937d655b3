"""A statement's file that was handed out before its lines showed shares keeps its bytes: it says which format it has."""

from django.db import migrations, models

from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0106_count_late_entries_by_argument")]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
        migrations.AddField(
            model_name="statementproof",
            name="file_format",
            field=models.CharField(
                db_default="octavo-statement/1",
                default="octavo-statement/1",
                help_text="of which the file was first handed out",
                max_length=40,
            ),
        ),
        migrations.RunPython(install_triggers, drop_triggers),
    ]
