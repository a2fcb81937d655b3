from django.db import migrations

from royalties import first_treaties


def install(apps, schema_editor):
    first_treaties.install(apps)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0070_withhold_tax")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
