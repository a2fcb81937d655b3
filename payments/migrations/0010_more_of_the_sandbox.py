from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
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
            options={"indexes": [models.Index(fields=["currency", "-since"], name="sandbox_rate_newest")]},
        ),
        migrations.AddField(
            model_name="sandboxbalancetransaction",
            name="category",
            field=models.CharField(
                default="",
                help_text="the same for accountants: dispute, refund_failure, ...",
                max_length=30,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sandboxbalancetransaction",
            name="description",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sandboxbalancetransaction",
            name="exchange_rate",
            field=models.DecimalField(
                decimal_places=8,
                help_text="from the payment's currency, in major units",
                max_digits=20,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="sandboxbalancetransaction",
            name="payout_id",
            field=models.CharField(
                blank=True, db_index=True, default="", help_text="our payout that contains it", max_length=120
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sandboxevent",
            name="event_type",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="sandboxevent",
            name="account_id",
            field=models.CharField(blank=True, default="", help_text="connected account it came from", max_length=120),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="sandboxfault",
            name="kind",
            field=models.CharField(
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
    ]
