import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import common.ids
from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_remember_what_the_upload_before_was_made_into"),
        ("royalties", "0003_first_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
        migrations.CreateModel(
            name="DisputedSale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paid_minor", models.PositiveBigIntegerField()),
            ],
            options={
                "ordering": ["sale_id"],
            },
        ),
        migrations.CreateModel(
            name="DisputeHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contributor_clearing", "contributor_clearing"),
                            ("contributor_payable", "contributor_payable"),
                            ("contributor_in_transit", "contributor_in_transit"),
                            ("contributor_disputed", "contributor_disputed"),
                            ("contributor_reserve", "contributor_reserve"),
                            ("contributor_receivable", "contributor_receivable"),
                        ],
                        max_length=30,
                    ),
                ),
                ("amount_minor", models.PositiveBigIntegerField(help_text="what is left of it")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ManualEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="man", unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("adjustment", "Adjustment"), ("write_off", "Write-off of a debt")], max_length=10
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField(help_text="to the contributor's good; negative against it")),
                ("reason", models.CharField(max_length=300)),
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
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ProtectionTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("effective_at", models.DateTimeField()),
                ("feed_bps", models.PositiveIntegerField(help_text="of the platform's own fees")),
                ("fund_cap_minor", models.PositiveBigIntegerField(help_text="it is fed up to this")),
                ("dispute_cap_minor", models.PositiveBigIntegerField(help_text="borne of one dispute at most")),
            ],
            options={
                "verbose_name_plural": "protection terms",
                "ordering": ["currency", "-effective_at"],
            },
        ),
        migrations.CreateModel(
            name="Reserve",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("kept_minor", models.PositiveBigIntegerField()),
                ("left_minor", models.PositiveBigIntegerField(help_text="after refunds and disputes; 0 once released")),
                ("release_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReserveRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rsv", unique=True)),
                ("rate_bps", models.PositiveIntegerField(help_text="of what clears")),
                ("days", models.PositiveIntegerField(help_text="how long each amount is kept")),
                ("reason", models.CharField(max_length=300)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SaleDispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(help_text="the provider's", max_length=120, unique=True)),
                ("order_reference", models.CharField(db_index=True, max_length=80)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("fee_minor", models.PositiveBigIntegerField(default=0)),
                ("fee_currency", models.CharField(max_length=3)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")], default="open", max_length=6
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SaleRefundShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="ledgeraccount",
            name="ledger_account_guarded_by_kind",
        ),
        migrations.RemoveConstraint(
            model_name="salerecord",
            name="sale_adds_up",
        ),
        migrations.AddField(
            model_name="salerecord",
            name="deferral",
            field=models.CharField(blank=True, help_text="gift or preorder: paid before it was sold", max_length=10),
        ),
        migrations.AddField(
            model_name="salerecord",
            name="deferral_entry",
            field=models.OneToOneField(
                help_text="of that payment",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deferred_sale",
                to="royalties.journalentry",
            ),
        ),
        migrations.AddField(
            model_name="salerecord",
            name="promotion_minor",
            field=models.PositiveBigIntegerField(default=0, help_text="added by the platform: its own coupons"),
        ),
        migrations.AddField(
            model_name="salerecord",
            name="returned_minor",
            field=models.PositiveBigIntegerField(default=0, help_text="of the paid price, so far"),
        ),
        migrations.AddField(
            model_name="salerefund",
            name="by_dispute",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="salerefund",
            name="is_last",
            field=models.BooleanField(
                default=0, help_text="nothing of the sale is left: it counts as one unit returned"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="salerefund",
            name="paid_minor",
            field=models.PositiveBigIntegerField(default=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="salerefund",
            name="platform_fee_minor",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="salerefund",
            name="processor_fee_minor",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="salerefund",
            name="promotion_minor",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="salerefund",
            name="royalty_minor",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="salerefund",
            name="tax_minor",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="saleshare",
            name="returned_minor",
            field=models.PositiveBigIntegerField(default=0, help_text="of the amount, so far"),
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "Sale"),
                    ("processor_fee", "Processor fee"),
                    ("refund", "Refund"),
                    ("clearing", "Clearing"),
                    ("recovery", "Recovery of a debt"),
                    ("transfer_asked", "Transfer asked for"),
                    ("transfer_confirmed", "Transfer confirmed"),
                    ("transfer_failed", "Transfer failed"),
                    ("transfer_reversed", "Transfer reversed"),
                    ("payout_returned", "Payout returned"),
                    ("payout_fee", "Cost of a payout"),
                    ("payable_converted", "Converted for a payout"),
                    ("deferred", "Paid in advance"),
                    ("conversion", "Currency conversion"),
                    ("refund_failed", "Refund came back"),
                    ("refund_resent", "Refund sent again"),
                    ("dispute_opened", "Dispute opened"),
                    ("dispute_won", "Dispute won"),
                    ("dispute_lost", "Dispute lost"),
                    ("dispute_covered", "Covered by the protection fund"),
                    ("reserve_kept", "Kept in reserve"),
                    ("reserve_released", "Released from reserve"),
                    ("fund_fed", "Protection fund fed"),
                    ("bad_debt", "Debt written off"),
                    ("plan_fee", "Fee of a plan"),
                    ("adjustment", "Adjustment"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="ledgeraccount",
            name="kind",
            field=models.CharField(
                choices=[
                    ("stripe_balance", "stripe_balance"),
                    ("bank", "bank"),
                    ("dispute_in_progress", "dispute_in_progress"),
                    ("contributor_receivable", "contributor_receivable"),
                    ("contributor_clearing", "contributor_clearing"),
                    ("contributor_payable", "contributor_payable"),
                    ("contributor_in_transit", "contributor_in_transit"),
                    ("contributor_disputed", "contributor_disputed"),
                    ("contributor_reserve", "contributor_reserve"),
                    ("tax", "tax"),
                    ("withholding", "withholding"),
                    ("deferred", "deferred"),
                    ("refund_pending", "refund_pending"),
                    ("protection_fund", "protection_fund"),
                    ("platform_fee", "platform_fee"),
                    ("plan_fee", "plan_fee"),
                    ("processor_fee_recovered", "processor_fee_recovered"),
                    ("processor_fee", "processor_fee"),
                    ("payout_fee", "payout_fee"),
                    ("dispute_fee", "dispute_fee"),
                    ("promotion", "promotion"),
                    ("bad_debt", "bad_debt"),
                    ("rounding", "rounding"),
                    ("fx", "fx"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="salerecord",
            name="state",
            field=models.CharField(
                choices=[
                    ("clearing", "In clearing"),
                    ("cleared", "Cleared"),
                    ("disputed", "In dispute"),
                    ("refunded", "Refunded"),
                ],
                default="clearing",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="salerefund",
            name="entry",
            field=models.ForeignKey(
                help_text="a dispute's has several",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="royalties.journalentry",
            ),
        ),
        migrations.AlterField(
            model_name="salerefund",
            name="sale",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="royalties.salerecord"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_guarded", True),
                        (
                            "kind__in",
                            [
                                "contributor_clearing",
                                "contributor_disputed",
                                "contributor_in_transit",
                                "contributor_payable",
                                "contributor_receivable",
                                "contributor_reserve",
                                "deferred",
                                "protection_fund",
                                "refund_pending",
                                "tax",
                                "withholding",
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                [
                                    "contributor_clearing",
                                    "contributor_disputed",
                                    "contributor_in_transit",
                                    "contributor_payable",
                                    "contributor_receivable",
                                    "contributor_reserve",
                                    "deferred",
                                    "protection_fund",
                                    "refund_pending",
                                    "tax",
                                    "withholding",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("is_guarded", False),
                    ),
                    _connector="OR",
                ),
                name="ledger_account_guarded_by_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="salerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "paid_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("tax_minor"), "+", models.F("processor_fee_minor")
                                    ),
                                    "+",
                                    models.F("platform_fee_minor"),
                                ),
                                "+",
                                models.F("royalty_minor"),
                            ),
                            "-",
                            models.F("promotion_minor"),
                        ),
                    )
                ),
                name="sale_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="salerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_minor__lte", models.F("paid_minor"))), name="sale_returned_within_paid"
            ),
        ),
        migrations.AddConstraint(
            model_name="salerefund",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_last", True)), fields=("sale",), name="sale_refund_last_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("returned_minor__lte", models.F("amount_minor"))),
                name="sale_share_returned_within_amount",
            ),
        ),
        migrations.AddField(
            model_name="disputedsale",
            name="sale",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="royalties.salerecord"
            ),
        ),
        migrations.AddField(
            model_name="disputehold",
            name="disputed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="royalties.disputedsale"
            ),
        ),
        migrations.AddField(
            model_name="disputehold",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="manualentry",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="manualentry",
            name="entry",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="manual",
                to="royalties.journalentry",
            ),
        ),
        migrations.AddField(
            model_name="manualentry",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="manualentry",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="protectionterms",
            constraint=models.UniqueConstraint(fields=("currency", "effective_at"), name="protection_once_per_moment"),
        ),
        migrations.AddConstraint(
            model_name="protectionterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("feed_bps__lte", 10000)), name="protection_feed_range"
            ),
        ),
        migrations.AddField(
            model_name="reserve",
            name="sale",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="royalties.salerecord"
            ),
        ),
        migrations.AddField(
            model_name="reserve",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reserverule",
            name="imposed_by",
            field=models.ForeignKey(
                help_text="none: by measure",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reserverule",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reserve_rules", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reserve",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="royalties.reserverule"
            ),
        ),
        migrations.AddField(
            model_name="saledispute",
            name="fund_entry",
            field=models.OneToOneField(
                help_text="when the fund covered it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="royalties.journalentry",
            ),
        ),
        migrations.AddField(
            model_name="saledispute",
            name="opened_entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="saledispute",
            name="outcome_entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="disputedsale",
            name="dispute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sales", to="royalties.saledispute"
            ),
        ),
        migrations.AddField(
            model_name="salerefundshare",
            name="refund",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="royalties.salerefund"
            ),
        ),
        migrations.AddField(
            model_name="salerefundshare",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="disputehold",
            constraint=models.UniqueConstraint(fields=("disputed", "user", "kind"), name="dispute_hold_once"),
        ),
        migrations.AddConstraint(
            model_name="manualentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("proposed_by")), ("state", "approved"), _negated=True),
                name="manual_entry_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by__isnull", True), ("state", "proposed")),
                    models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="manual_entry_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor", 0), _negated=True), name="manual_entry_not_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="reserverule",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate_bps__gt", 0), ("rate_bps__lte", 5000)), name="reserve_rule_rate_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="reserverule",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="reserve_rule_ends"
            ),
        ),
        migrations.AddIndex(
            model_name="reserve",
            index=models.Index(
                condition=models.Q(("released_at", None)), fields=["release_at"], name="reserve_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.UniqueConstraint(fields=("sale", "user"), name="reserve_once"),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_minor__lte", models.F("kept_minor"))), name="reserve_left_within_kept"
            ),
        ),
        migrations.AddConstraint(
            model_name="disputedsale",
            constraint=models.UniqueConstraint(fields=("dispute", "sale"), name="disputed_sale_once"),
        ),
        migrations.AddIndex(
            model_name="salerefundshare",
            index=models.Index(fields=["user", "refund"], name="royalties_s_user_id_114879_idx"),
        ),
        migrations.AddConstraint(
            model_name="salerefundshare",
            constraint=models.UniqueConstraint(fields=("refund", "user"), name="sale_refund_share_once"),
        ),
        migrations.RunPython(install_triggers, drop_triggers),
    ]
