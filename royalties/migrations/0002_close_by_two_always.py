import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from royalties.migrations import _ledger_sqlite


def take_off_triggers(apps, schema_editor):
    """SQLite makes the table anew, and refuses while a trigger names it."""
    _run_on_sqlite(schema_editor, _ledger_sqlite.REMOVE)


def put_back_triggers(apps, schema_editor):
    _run_on_sqlite(schema_editor, _ledger_sqlite.CREATE)


def _run_on_sqlite(schema_editor, statements):
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements:
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("royalties", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(take_off_triggers, put_back_triggers),
        migrations.RemoveConstraint(model_name="closedperiod", name="period_closed_by_two"),
        migrations.RemoveField(model_name="closedperiod", name="is_by_one"),
        migrations.AlterField(
            model_name="closedperiod",
            name="closed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="closedperiod",
            name="prepared_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="closedperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("prepared_by", models.F("closed_by")), _negated=True), name="period_closed_by_two"
            ),
        ),
        migrations.RunPython(put_back_triggers, take_off_triggers),
    ]
