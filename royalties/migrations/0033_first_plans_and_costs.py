from django.db import migrations

from royalties import first_plans


def install(apps, schema_editor):
    first_plans.install(apps)


def uninstall(apps, schema_editor):
    first_plans.uninstall(apps)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0032_drop_minimums_in_cents")]

    operations = [migrations.RunPython(install, uninstall)]
