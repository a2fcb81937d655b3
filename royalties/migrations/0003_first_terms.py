from django.db import migrations

from royalties import first_terms


def install(apps, schema_editor):
    first_terms.install(apps)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0002_ledger_triggers")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
