from django.db import migrations

from royalties import first_terms


def install(apps, schema_editor):
    first_terms.install_protection(apps)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0006_hold_returns_to_their_sum")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
