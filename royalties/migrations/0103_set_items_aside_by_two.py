"""An item is set aside by two people: one asks, another agrees."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0102_close_months_by_two"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="itemexplanation",
            name="set_aside_until",
            field=models.DateTimeField(help_text="until when it was asked to be set aside", null=True),
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="asd", unique=True)),
                ("until", models.DateTimeField()),
                ("difference_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("declined", "Declined")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(help_text="taken back by a later explanation", null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "explanation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="set_aside",
                        to="royalties.itemexplanation",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="set_asides",
                        to="royalties.reconciliationitem",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", models.F("proposed_by")), ("state", "approved"), _negated=True
                        ),
                        name="set_aside_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="set_aside_decided_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("item",),
                        name="set_aside_one_proposal_per_item",
                    ),
                ],
            },
        ),
    ]
