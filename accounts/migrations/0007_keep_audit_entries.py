"""From here on audit entries and their links are only ever appended."""

from django.db import migrations

from accounts import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_salt_audit_entries")]

    operations = [migrations.RunPython(install, drop)]
