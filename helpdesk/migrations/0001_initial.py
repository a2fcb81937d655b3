import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("checkout", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="req", unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(max_length=2)),
                (
                    "country",
                    models.CharField(blank=True, help_text="of the page the request was written on", max_length=2),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("order", "An order, a payment or a refund"),
                            ("reading", "Reading or downloading a book"),
                            ("account", "My account or my data"),
                            ("publishing", "Publishing a book"),
                            ("earnings", "Earnings, payouts or tax"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contact_requests",
                        to="checkout.order",
                    ),
                ),
                ("named_order", models.CharField(blank=True, max_length=60)),
                ("body", models.TextField(max_length=5000)),
                ("created_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, max_length=10000)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at", None)), fields=["created_at"], name="contact_request_open"
                    ),
                    models.Index(fields=["closed_at"], name="contact_request_closed"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("closed_at", None), ("closed_by", None)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="contact_request_closed_by_somebody",
                    )
                ],
            },
        ),
    ]
