"""Makes the statements of closed months in their fuller form, from the same entries."""

from django.db import migrations


def make(apps, schema_editor):
    closed_period = apps.get_model("royalties", "ClosedPeriod")
    if not closed_period.objects.exists():
        return
    from royalties.services import statements

    for closed in closed_period.objects.order_by("period"):
        statements.build_from_entries(closed)


class Migration(migrations.Migration):
    dependencies = [("royalties", "0012_require_facts_of_statements")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
