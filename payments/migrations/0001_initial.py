from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(help_text="the provider's", max_length=120, unique=True)),
                ("endpoint", models.CharField(help_text="platform, connect or thin", max_length=10)),
                ("event_type", models.CharField(max_length=120)),
                (
                    "account_id",
                    models.CharField(blank=True, help_text="connected account it came from", max_length=120),
                ),
                ("api_version", models.CharField(blank=True, max_length=40)),
                ("object_id", models.CharField(max_length=120)),
                (
                    "reference",
                    models.CharField(blank=True, help_text="our public id, where it carried one", max_length=120),
                ),
                ("data", models.JSONField(default=dict)),
                ("occurred_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("parked", "Parked"),
                            ("processed", "Processed"),
                            ("given_up", "Given Up"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "next_attempt_at",
                    models.DateTimeField(help_text="real time; a worker moves it ahead when it claims the event"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                ("processed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["pending", "parked"])),
                        fields=["next_attempt_at"],
                        name="provider_event_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxObject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.CharField(max_length=120, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("group", models.CharField(blank=True, max_length=120)),
                ("data", models.JSONField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "group", "-id"], name="payments_sa_kind_cad417_idx")],
            },
        ),
        migrations.CreateModel(
            name="SandboxBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, unique=True)),
                ("available_minor", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxBalanceTransaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.CharField(max_length=120, unique=True)),
                (
                    "kind",
                    models.CharField(help_text="charge, refund, transfer, transfer_refund, adjustment", max_length=30),
                ),
                (
                    "category",
                    models.CharField(help_text="the same for accountants: dispute, refund_failure, ...", max_length=30),
                ),
                ("description", models.CharField(blank=True, max_length=200)),
                ("source_id", models.CharField(db_index=True, max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                (
                    "exchange_rate",
                    models.DecimalField(
                        decimal_places=8,
                        help_text="from the payment's currency, in major units",
                        max_digits=20,
                        null=True,
                    ),
                ),
                (
                    "payout_id",
                    models.CharField(
                        blank=True, db_index=True, help_text="our payout that contains it", max_length=120
                    ),
                ),
                ("created_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="SandboxAccountBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_id", models.CharField(max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("available_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account_id", "currency"), name="sandbox_account_balance_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=8, max_digits=20)),
                ("since", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["currency", "-since"], name="sandbox_rate_newest")],
            },
        ),
        migrations.CreateModel(
            name="SandboxRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255, unique=True)),
                ("path", models.CharField(max_length=200)),
                ("parameters", models.JSONField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SandboxEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=120, unique=True)),
                ("event_type", models.CharField(blank=True, max_length=120)),
                (
                    "account_id",
                    models.CharField(blank=True, help_text="connected account it came from", max_length=120),
                ),
                ("endpoint", models.CharField(max_length=10)),
                ("body", models.TextField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("next_attempt_at", models.DateTimeField(help_text="real time")),
                ("delivered_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at", None)),
                        fields=["next_attempt_at"],
                        name="sandbox_event_undelivered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("lost_before", "Lost Before"),
                            ("lost_after", "Lost After"),
                            ("rate_limited", "Rate Limited"),
                            ("server_error", "Server Error"),
                            ("in_use", "In Use"),
                            ("balance_insufficient", "Balance Insufficient"),
                        ],
                        max_length=20,
                    ),
                ),
                ("path", models.CharField(max_length=200)),
                ("remaining", models.PositiveSmallIntegerField()),
            ],
        ),
    ]
