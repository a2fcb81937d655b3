"""Installations older than the yen get its first terms and fees; `install` leaves the rows of other currencies alone."""

from django.db import migrations

from royalties import first_terms


def install(apps, schema_editor):
    first_terms.install(apps)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0007_first_protection_terms")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
