"""Months are prepared by one person and closed by another. Those closed before keep that one person was enough."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0101_drop_the_insight_add_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
        migrations.CreateModel(
            name="ClosePreparation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(help_text="YYYY-MM", max_length=7)),
                ("prepared_at", models.DateTimeField()),
                (
                    "open_items",
                    models.PositiveIntegerField(
                        help_text="of the month and before, all of them set aside by two people"
                    ),
                ),
                ("entries", models.PositiveBigIntegerField(help_text="of the month")),
                ("fingerprint", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="closedperiod",
            name="is_by_one",
            field=models.BooleanField(default=True, help_text="closed when one person was enough"),
        ),
        migrations.AddField(
            model_name="closedperiod",
            name="prepared_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="closedperiod",
            name="is_by_one",
            field=models.BooleanField(default=False, help_text="closed when one person was enough"),
        ),
        migrations.AddConstraint(
            model_name="closedperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_by_one", True),
                    models.Q(
                        ("closed_by__isnull", False),
                        ("prepared_by__isnull", False),
                        models.Q(("prepared_by", models.F("closed_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="period_closed_by_two",
            ),
        ),
        migrations.AddField(
            model_name="closepreparation",
            name="compared",
            field=models.ForeignKey(
                help_text="the comparison it rests on; none where nothing was ever paid through the provider",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="royalties.reconciliationrun",
            ),
        ),
        migrations.AddField(
            model_name="closepreparation",
            name="prepared_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="closepreparation",
            index=models.Index(fields=["period"], name="close_preparation_period"),
        ),
        migrations.RunPython(install_triggers, drop_triggers),
    ]
