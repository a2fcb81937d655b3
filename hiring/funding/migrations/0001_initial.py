import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MilestonePayment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="mpy", unique=True)),
                ("reference", models.CharField(db_index=True, help_text="mst_…", max_length=80)),
                ("title", models.CharField(help_text="as the payment page shows it", max_length=250)),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("succeeded", "Succeeded"),
                            ("unneeded", "Paid twice, or not what was asked for"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("session_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("page_url", models.URLField(blank=True, max_length=800)),
                ("provider_payment_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("charge_id", models.CharField(blank=True, max_length=120)),
                ("processor_fee_minor", models.PositiveBigIntegerField(help_text="once it is known", null=True)),
                ("processor_fee_currency", models.CharField(blank=True, max_length=3)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "payer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="BankDispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider_dispute_id", models.CharField(max_length=120, unique=True)),
                ("status", models.CharField(max_length=30)),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("is_withdrawn", models.BooleanField(default=False, help_text="the bank took the money")),
                ("outcome", models.CharField(blank=True, help_text="won or lost, as last booked", max_length=4)),
                ("evidence_due_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="funding.milestonepayment",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="MilestoneRefund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="mrf", unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "On its way"),
                            ("succeeded", "Refunded"),
                            ("failed", "Failed"),
                            ("canceled", "Canceled"),
                            ("returned", "Returned by the bank"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("is_ours", models.BooleanField(default=True, help_text="not one made in the provider's dashboard")),
                ("provider_refund_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("requested_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(help_text="the first call", null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "resent_reference",
                    models.CharField(blank=True, help_text="the bank transfer that replaced it", max_length=80),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="funding.milestonepayment",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="milestonepayment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "succeeded")), fields=("reference",), name="milestone_paid_once"
            ),
        ),
    ]
