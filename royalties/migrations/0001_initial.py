import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import common.ids
import royalties.models.seal_constraint
from royalties.migrations import _first_rows, _ledger_postgresql, _ledger_sqlite

_LEDGER = {"postgresql": _ledger_postgresql, "sqlite": _ledger_sqlite}


def guard_ledger(apps, schema_editor):
    for statement in _LEDGER[schema_editor.connection.vendor].CREATE:
        schema_editor.execute(statement, params=None)


def unguard_ledger(apps, schema_editor):
    for statement in _LEDGER[schema_editor.connection.vendor].REMOVE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("publishing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
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
                ("currency", models.CharField(max_length=3)),
                ("side", models.SmallIntegerField(help_text="1 debit, -1 credit")),
                ("is_guarded", models.BooleanField(help_text="has a balance row that never leaves its normal side")),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "currency", "kind"], name="royalties_l_owner_i_43eff9_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "currency"), name="ledger_account_once"),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "kind__in",
                                    [
                                        "bad_debt",
                                        "bank",
                                        "contributor_receivable",
                                        "dispute_fee",
                                        "dispute_in_progress",
                                        "payout_fee",
                                        "processor_fee",
                                        "promotion",
                                        "stripe_balance",
                                    ],
                                ),
                                ("side", 1),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "bad_debt",
                                            "bank",
                                            "contributor_receivable",
                                            "dispute_fee",
                                            "dispute_in_progress",
                                            "payout_fee",
                                            "processor_fee",
                                            "promotion",
                                            "stripe_balance",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("side", -1),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_account_side_by_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountBalance",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="guarded_balance",
                        serialize=False,
                        to="royalties.ledgeraccount",
                    ),
                ),
                ("side", models.SmallIntegerField()),
                ("balance_minor", models.BigIntegerField(default=0, help_text="debit positive, credit negative")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("balance_minor", 0),
                            models.Q(("balance_minor__gt", 0), ("side", 1)),
                            models.Q(("balance_minor__lt", 0), ("side", -1)),
                            _connector="OR",
                        ),
                        name="account_never_overdrawn",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("entry_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("postings", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sale", "Sale"),
                            ("processor_fee", "Card fee"),
                            ("refund", "Refund"),
                            ("clearing", "Clearing"),
                            ("recovery", "Debt recovered"),
                            ("transfer_asked", "Transfer requested"),
                            ("transfer_confirmed", "Transfer confirmed"),
                            ("transfer_failed", "Transfer failed"),
                            ("transfer_reversed", "Transfer reversed"),
                            ("payout_returned", "Payout returned"),
                            ("payout_fee", "Payout cost"),
                            ("payable_converted", "Converted for a payout"),
                            ("deferred", "Paid in advance"),
                            ("conversion", "Currency conversion"),
                            ("refund_failed", "Refund came back"),
                            ("needless_payment", "Duplicate payment"),
                            ("needless_returned", "Duplicate payment refunded"),
                            ("refund_resent", "Refund sent again"),
                            ("dispute_opened", "Dispute opened"),
                            ("dispute_won", "Dispute won"),
                            ("dispute_lost", "Dispute lost"),
                            ("dispute_covered", "Covered by the protection fund"),
                            ("appeal_won", "Dispute won on appeal"),
                            ("reserve_kept", "Moved to reserve"),
                            ("reserve_released", "Released from reserve"),
                            ("fund_fed", "Protection fund topped up"),
                            ("bad_debt", "Debt written off"),
                            ("plan_fee", "Plan fee"),
                            ("adjustment", "Adjustment"),
                            ("bank_sweep", "Moved to our bank"),
                            ("balance_corrected", "Provider balance corrected"),
                            ("withheld", "Tax withheld"),
                            ("withholding_returned", "Withheld tax refunded"),
                            ("withholding_remitted", "Withheld tax paid to the tax office"),
                        ],
                        max_length=20,
                    ),
                ),
                ("external_id", models.CharField(help_text="the same event twice is one entry", max_length=150)),
                ("reference", models.CharField(max_length=80)),
                ("occurred_at", models.DateTimeField()),
                ("booked_at", models.DateTimeField(db_index=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "journal entries",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["reference"], name="entry_reference")],
                "constraints": [models.UniqueConstraint(fields=("external_id",), name="entry_once_per_event")],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="royalties.journalentry",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="royalties.ledgeraccount",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "account"), name="posting_once_per_account"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True), name="posting_not_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainLink",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "version",
                    models.PositiveSmallIntegerField(help_text="of the rules of its hash, see royalties.ledger_chain"),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="link", to="royalties.journalentry"
                    ),
                ),
                ("previous_hash", models.CharField(max_length=64, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="EntryLeaf",
            fields=[
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="leaf",
                        serialize=False,
                        to="royalties.chainlink",
                    ),
                ),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="ChainedPosting",
            fields=[
                (
                    "posting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="chained",
                        serialize=False,
                        to="royalties.posting",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.ledgeraccount"
                    ),
                ),
                ("ordinal", models.PositiveBigIntegerField()),
                ("balance_after_minor", models.BigIntegerField(help_text="debit positive, credit negative")),
                ("salt", models.CharField(max_length=32)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "ordinal"), name="chained_posting_ordinal_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ordinal__gte", 1)), name="chained_posting_ordinal_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DailyRoot",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("first_position", models.BigIntegerField(unique=True)),
                ("last_position", models.BigIntegerField(unique=True)),
                ("count", models.PositiveBigIntegerField()),
                ("merkle_root", models.CharField(max_length=64)),
                ("previous_root", models.CharField(max_length=64, unique=True)),
                ("root", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ClosedPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(help_text="YYYY-MM", max_length=7, unique=True)),
                ("closed_at", models.DateTimeField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_by_one", models.BooleanField(default=False, help_text="closed when one person was enough")),
                ("trial_balance_hash", models.CharField(max_length=64)),
                ("chain_position", models.BigIntegerField()),
                ("chain_hash", models.CharField(max_length=64)),
                ("audit_position", models.BigIntegerField(default=0, help_text="where the audit log's chain ended")),
                ("audit_hash", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ["-period"],
                "constraints": [
                    models.CheckConstraint(
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
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="pac", unique=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payout_account",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rail",
                    models.CharField(
                        choices=[("stripe", "Payment provider"), ("bank", "Bank transfer")],
                        default="stripe",
                        max_length=6,
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                (
                    "attempt",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="part of the key, new for a corrected request"
                    ),
                ),
                ("provider_account_id", models.CharField(blank=True, db_index=True, max_length=120)),
                ("is_ready", models.BooleanField(default=False)),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "bank_refused",
                                "Your bank returned a payout. Change your bank account so that we can pay you again.",
                            ),
                            (
                                "closed",
                                "Your account at the payment provider was closed. What you earned stays payable to "
                                "you.",
                            ),
                            ("inactive", "The payment provider needs something from you before it can pay you."),
                        ],
                        max_length=12,
                    ),
                ),
                ("masked_bank", models.CharField(blank=True, max_length=40)),
                (
                    "schedule",
                    models.CharField(
                        choices=[
                            ("monthly", "Every month"),
                            ("weekly", "Every week"),
                            ("on_demand", "Only when I ask"),
                        ],
                        default="monthly",
                        max_length=10,
                    ),
                ),
                (
                    "minimum_units",
                    models.PositiveIntegerField(
                        default=30, help_text="smallest payout, in whole units of any currency"
                    ),
                ),
                (
                    "cost_told_at",
                    models.DateTimeField(
                        help_text="when its owner was told what small payouts cost, and chose them; before that we bear it",
                        null=True,
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="of payouts; empty: that of each sale", max_length=3),
                ),
                ("changed_at", models.DateTimeField()),
                ("usable_from", models.DateTimeField(help_text="no payout before: the hold after a change")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minimum_units__gte", 1)), name="payout_account_smallest_minimum"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("provider_account_id", ""), _negated=True),
                        fields=("provider_account_id",),
                        name="payout_account_once_at_provider",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="run", unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("cut_off_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("canceled", "Cancelled")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        help_text="none: by schedule",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="payout_run_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False), ("state", "approved")
                            ),
                            models.Q(
                                models.Q(("state", "approved"), _negated=True),
                                ("approved_at__isnull", True),
                                ("approved_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="payout_run_approved_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SchedulePeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "schedule",
                    models.CharField(
                        choices=[
                            ("monthly", "Every month"),
                            ("weekly", "Every week"),
                            ("on_demand", "Only when I ask"),
                        ],
                        max_length=10,
                    ),
                ),
                ("period", models.CharField(help_text="2026-11 or 2026-W48", max_length=8)),
                ("currency", models.CharField(max_length=3)),
                ("proposed_at", models.DateTimeField()),
                (
                    "run",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="period",
                        to="royalties.payoutrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("schedule", "period", "currency"), name="schedule_period_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="hld", unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payout_holds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "imposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("begins_at")), _connector="OR"),
                        name="person_hold_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BankDetails",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_details",
                        to="royalties.payoutaccount",
                    ),
                ),
                ("token", models.BinaryField(help_text="encrypted")),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "bank details",
            },
        ),
        migrations.CreateModel(
            name="BankFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="bfl", unique=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bank_files", to="royalties.payoutrun"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("mime", models.CharField(max_length=60)),
                ("format", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                ("payments", models.PositiveIntegerField()),
                ("total_minor", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(help_text="of the file as it goes to the bank", max_length=64)),
                ("token", models.BinaryField(help_text="the file, encrypted: it holds bank details")),
                (
                    "state",
                    models.CharField(
                        choices=[("made", "Created"), ("released", "Released"), ("withdrawn", "Withdrawn")],
                        default="made",
                        max_length=10,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by", None),
                            models.Q(("released_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="bank_file_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("released_at__isnull", False), ("released_by__isnull", False), ("state", "released")
                            ),
                            models.Q(
                                models.Q(("state", "released"), _negated=True),
                                ("released_at__isnull", True),
                                ("released_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="bank_file_released_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="pyo", unique=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to="royalties.payoutrun"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payouts",
                        to="royalties.payoutaccount",
                    ),
                ),
                (
                    "rail",
                    models.CharField(
                        choices=[("stripe", "Payment provider"), ("bank", "Bank transfer")],
                        default="stripe",
                        max_length=6,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField()),
                (
                    "cost_minor",
                    models.PositiveBigIntegerField(
                        default=0, help_text="what the rail takes for it, by its price list"
                    ),
                ),
                ("fee_minor", models.PositiveBigIntegerField(default=0, help_text="of the cost, what the payee bears")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("held", "Held"),
                            ("sent", "Sent"),
                            ("paid", "Paid"),
                            ("failed", "Failed"),
                            ("canceled", "Cancelled"),
                            ("returned", "Returned"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                (
                    "destination",
                    models.CharField(blank=True, help_text="where it goes, frozen when asked", max_length=120),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="why it is held, failed or canceled", max_length=200),
                ),
                (
                    "person_hold",
                    models.ForeignKey(
                        help_text="it goes on when that ends",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payouts",
                        to="royalties.personhold",
                    ),
                ),
                (
                    "bank_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payouts",
                        to="royalties.bankfile",
                    ),
                ),
                ("transfer_id", models.CharField(blank=True, max_length=120)),
                ("proposed_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "first_call_at",
                    models.DateTimeField(help_text="by the database's clock: how long the key is good", null=True),
                ),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "asked_entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
                (
                    "outcome_entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
                (
                    "fee_entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
                (
                    "returned_entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["pending", "held", "sent"])),
                        fields=("user", "currency"),
                        name="payout_one_open_per_person",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="payout_not_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("fee_minor__lte", models.F("cost_minor"))), name="payout_fee_within_cost"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reversal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rvs", unique=True)),
                (
                    "payout",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reversals", to="royalties.payout"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("debt", "To cover a debt"), ("return", "Recall a returned payout")], max_length=6
                    ),
                ),
                ("cause", models.CharField(help_text="the refund, dispute or date that made us ask", max_length=80)),
                ("amount_minor", models.PositiveBigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "Pending"), ("sent", "Sent"), ("done", "Done"), ("refused", "Refused")],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("reversal_id", models.CharField(blank=True, help_text="the provider's", max_length=120)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "asked_by",
                    models.ForeignKey(
                        help_text="none: by measure",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("first_call_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="reversal_not_zero"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["pending", "sent"])),
                        fields=("payout",),
                        name="reversal_one_open_per_payout",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="bst", unique=True)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=120)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("uploaded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="BankRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="royalties.bankstatement"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "fingerprint",
                    models.CharField(help_text="SHA-256 of what names the movement", max_length=64, unique=True),
                ),
                ("end_to_end_id", models.CharField(blank=True, max_length=40)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("is_credit", models.BooleanField()),
                ("booked_on", models.DateField()),
                ("bank_reference", models.CharField(blank=True, max_length=80)),
                ("reason", models.CharField(blank=True, max_length=10)),
                ("text", models.CharField(blank=True, max_length=140)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("confirmed", "Payout confirmed"),
                            ("failed", "Returned before it was booked"),
                            ("returned", "Returned after payment"),
                            ("sweep", "Received from the payment provider"),
                            ("unmatched", "Unmatched"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_rows",
                        to="royalties.payout",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="why it was not matched, or how it was settled", max_length=200
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="FeePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commission", "A share of each sale"),
                            ("monthly", "A monthly fee and a smaller share"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("summary", models.CharField(max_length=200)),
                ("position", models.PositiveSmallIntegerField()),
                ("is_offered", models.BooleanField(default=True)),
                (
                    "bears_payout_cost",
                    models.BooleanField(default=False, help_text="the platform bears the cost of small payouts, too"),
                ),
                (
                    "conversion_bps",
                    models.PositiveIntegerField(default=0, help_text="taken when payable money changes its currency"),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("conversion_bps__lte", 1000)), name="plan_conversion_range"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanPrice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prices", to="royalties.feeplan"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("effective_at", models.DateTimeField()),
                ("monthly_minor", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["plan", "currency", "-effective_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "currency", "effective_at"), name="plan_price_once_per_moment"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="mbr", unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="royalties.feeplan"
                    ),
                ),
                ("currency", models.CharField(help_text="of the monthly fee", max_length=3)),
                ("chosen_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-starts_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at", None)), fields=("user",), name="plan_membership_one_open"
                    ),
                    models.UniqueConstraint(fields=("user", "starts_at"), name="plan_membership_once_per_moment"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                        name="plan_membership_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoyaltyTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                (
                    "plan",
                    models.ForeignKey(
                        help_text="none: for who has chosen no plan",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="royalties.feeplan",
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        choices=[("octavo", "Octavo"), ("rate_band", "Rate Band"), ("flat", "Flat")],
                        default="octavo",
                        max_length=10,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("effective_at", models.DateTimeField()),
                (
                    "platform_fee_bps",
                    models.PositiveIntegerField(default=0, help_text="octavo: of the price without tax"),
                ),
                ("royalty_bps", models.PositiveIntegerField(default=0, help_text="flat: of the price without tax")),
                ("fixed_minor", models.PositiveIntegerField(default=0, help_text="flat: taken off each sale")),
                (
                    "bands",
                    models.JSONField(default=list, help_text="rate_band"),
                ),
                ("delivery_per_mb_minor", models.PositiveIntegerField(default=0, help_text="rate_band")),
            ],
            options={
                "verbose_name_plural": "royalty terms",
                "ordering": ["currency", "-effective_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("plan", None)),
                        fields=("currency", "effective_at"),
                        name="terms_once_per_moment",
                    ),
                    models.UniqueConstraint(
                        fields=("plan", "currency", "effective_at"), name="terms_once_per_moment_and_plan"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("platform_fee_bps__lte", 10000), ("royalty_bps__lte", 10000)),
                        name="terms_rates_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcessorFeeSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("effective_at", models.DateTimeField()),
                ("rate_bps", models.PositiveIntegerField()),
                ("fixed_minor", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["currency", "-effective_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "effective_at"), name="processor_fees_once_per_moment")
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(help_text="the line's public id", max_length=80, unique=True)),
                ("order_reference", models.CharField(db_index=True, max_length=80)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.edition"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="publishing.work"
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.royaltyterms"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "list_price_minor",
                    models.PositiveBigIntegerField(
                        help_text="what the author asked when it was sold, before coupons; none for sales before it was kept",
                        null=True,
                    ),
                ),
                ("paid_minor", models.PositiveBigIntegerField()),
                (
                    "promotion_minor",
                    models.PositiveBigIntegerField(default=0, help_text="added by the platform: its own coupons"),
                ),
                ("tax_minor", models.PositiveBigIntegerField()),
                ("processor_fee_minor", models.PositiveBigIntegerField(help_text="as quoted")),
                ("platform_fee_minor", models.PositiveBigIntegerField()),
                ("royalty_minor", models.PositiveBigIntegerField()),
                ("tax_country", models.CharField(max_length=2)),
                ("tax_rate_bps", models.PositiveIntegerField()),
                ("sold_at", models.DateTimeField(db_index=True)),
                ("clears_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
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
                ("returned_minor", models.PositiveBigIntegerField(default=0, help_text="of the paid price, so far")),
                ("cleared_at", models.DateTimeField(null=True)),
                ("refunded_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        help_text="none for a free sale",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sale",
                        to="royalties.journalentry",
                    ),
                ),
                (
                    "deferral",
                    models.CharField(blank=True, help_text="gift or preorder: paid before it was sold", max_length=10),
                ),
                (
                    "deferral_entry",
                    models.OneToOneField(
                        help_text="of that payment",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deferred_sale",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "ordering": ["-sold_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "clearing")), fields=["clears_at"], name="sale_in_clearing"
                    ),
                    models.Index(fields=["work", "-sold_at"], name="royalties_s_work_id_84c1fe_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("returned_minor__lte", models.F("paid_minor"))),
                        name="sale_returned_within_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(blank=True, help_text="YYYY-MM", max_length=7)),
                ("currency", models.CharField(max_length=3)),
                (
                    "work",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publishing.work",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2)),
                ("unit_price_minor", models.PositiveBigIntegerField(help_text="paid for the sale")),
                (
                    "terms",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.royaltyterms",
                    ),
                ),
                (
                    "net_minor",
                    models.PositiveBigIntegerField(
                        help_text="paid and promotion without tax, of the whole sale or refund"
                    ),
                ),
                ("processor_fee_minor", models.PositiveBigIntegerField()),
                ("platform_fee_minor", models.PositiveBigIntegerField()),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="royalties.salerecord"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contributor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publishing.contributor",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("share_bps", models.PositiveIntegerField()),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("returned_minor", models.PositiveBigIntegerField(default=0, help_text="of the amount, so far")),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(fields=["user", "sale"], name="royalties_s_user_id_dc651c_idx"),
                    models.Index(fields=["period"], name="royalties_s_period_0bf314_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sale", "user"), name="sale_share_once"),
                    models.CheckConstraint(
                        condition=models.Q(("returned_minor__lte", models.F("amount_minor"))),
                        name="sale_share_returned_within_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleRefund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="royalties.salerecord"
                    ),
                ),
                ("external_id", models.CharField(max_length=150, unique=True)),
                ("refunded_at", models.DateTimeField()),
                ("paid_minor", models.PositiveBigIntegerField()),
                ("promotion_minor", models.PositiveBigIntegerField(default=0)),
                ("tax_minor", models.PositiveBigIntegerField()),
                ("processor_fee_minor", models.PositiveBigIntegerField()),
                ("platform_fee_minor", models.PositiveBigIntegerField()),
                ("royalty_minor", models.PositiveBigIntegerField()),
                (
                    "is_last",
                    models.BooleanField(help_text="nothing of the sale is left: it counts as one unit returned"),
                ),
                (
                    "was_cleared",
                    models.BooleanField(help_text="the royalty had left clearing, so it came out of payable or a debt"),
                ),
                ("by_dispute", models.BooleanField(default=False)),
                (
                    "entry",
                    models.ForeignKey(
                        help_text="a dispute's has several",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
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
                        name="sale_refund_adds_up",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_last", True)), fields=("sale",), name="sale_refund_last_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleRefundShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(blank=True, help_text="YYYY-MM", max_length=7)),
                ("currency", models.CharField(max_length=3)),
                (
                    "work",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publishing.work",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2)),
                ("unit_price_minor", models.PositiveBigIntegerField(help_text="paid for the sale")),
                (
                    "terms",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.royaltyterms",
                    ),
                ),
                (
                    "net_minor",
                    models.PositiveBigIntegerField(
                        help_text="paid and promotion without tax, of the whole sale or refund"
                    ),
                ),
                ("processor_fee_minor", models.PositiveBigIntegerField()),
                ("platform_fee_minor", models.PositiveBigIntegerField()),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="royalties.salerefund"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("is_last", models.BooleanField(help_text="the refund's: it counts as one unit returned")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "refund"], name="royalties_s_user_id_114879_idx"),
                    models.Index(fields=["period"], name="royalties_s_period_a17d5c_idx"),
                ],
                "constraints": [models.UniqueConstraint(fields=("refund", "user"), name="sale_refund_share_once")],
            },
        ),
        migrations.CreateModel(
            name="ReserveRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rsv", unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserve_rules",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("rate_bps", models.PositiveIntegerField(help_text="of what clears")),
                ("days", models.PositiveIntegerField(help_text="how long each amount is kept")),
                ("reason", models.CharField(max_length=300)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "imposed_by",
                    models.ForeignKey(
                        help_text="none: by measure",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate_bps__gt", 0), ("rate_bps__lte", 5000)), name="reserve_rule_rate_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="reserve_rule_ends"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reserve",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="royalties.reserverule"
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="royalties.salerecord"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserves",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("kept_minor", models.PositiveBigIntegerField()),
                ("left_minor", models.PositiveBigIntegerField(help_text="after refunds and disputes; 0 once released")),
                ("release_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("released_at", None)), fields=["release_at"], name="reserve_waiting"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sale", "user"), name="reserve_once"),
                    models.CheckConstraint(
                        condition=models.Q(("left_minor__lte", models.F("kept_minor"))), name="reserve_left_within_kept"
                    ),
                ],
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
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "effective_at"), name="protection_once_per_moment"),
                    models.CheckConstraint(condition=models.Q(("feed_bps__lte", 10000)), name="protection_feed_range"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReconciliationRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField(help_text="the provider's movements before this were read")),
                ("chain_position", models.BigIntegerField(help_text="journal entries up to this link were read")),
                ("movements", models.PositiveIntegerField(help_text="new ones of the provider")),
                ("entries", models.PositiveIntegerField(help_text="new ones of ours that move the provider's balance")),
                ("open_items", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ProviderMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change_id",
                    models.CharField(help_text="the provider's balance transaction", max_length=120, unique=True),
                ),
                ("kind", models.CharField(max_length=60)),
                ("source_id", models.CharField(help_text="charge, refund, transfer, dispute", max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("net_minor", models.BigIntegerField(help_text="its amount less its fee")),
                ("moved_at", models.DateTimeField()),
                (
                    "item_key",
                    models.CharField(blank=True, help_text="empty until a run has matched it", max_length=120),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["item_key", "currency"], name="royalties_p_item_ke_fccac0_idx"),
                    models.Index(condition=models.Q(("item_key", "")), fields=["id"], name="movement_not_matched_yet"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReconciliationItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="the order of a payment, else the provider's id", max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("kind", models.CharField(help_text="the provider's word for it, or ours", max_length=60)),
                ("provider_minor", models.BigIntegerField(default=0)),
                ("ledger_minor", models.BigIntegerField(default=0)),
                (
                    "provider_at",
                    models.DateTimeField(help_text="its newest movement; none when it is missing there", null=True),
                ),
                (
                    "ledger_at",
                    models.DateTimeField(help_text="our newest entry; none when it is missing here", null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("matched", "Matched"),
                            ("late", "Matched late"),
                            ("differs", "Amounts differ"),
                            ("missing_here", "Missing from our ledger"),
                            ("missing_there", "Missing at the provider"),
                        ],
                        max_length=14,
                    ),
                ),
                ("opened_at", models.DateTimeField(help_text="since when it does not agree", null=True)),
                ("settled_at", models.DateTimeField(help_text="when it came to agree after it had not", null=True)),
            ],
            options={
                "ordering": ["opened_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["differs", "missing_here", "missing_there"])),
                        fields=["opened_at"],
                        name="reconciliation_open",
                    ),
                    models.Index(fields=["provider_at"], name="royalties_r_provide_1e940d_idx"),
                    models.Index(
                        condition=models.Q(("provider_at", None)), fields=["ledger_at"], name="reconciliation_ours_only"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("key", "currency"), name="reconciliation_item_once")],
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
                        choices=[
                            ("adjustment", "Adjustment"),
                            ("write_off", "Debt write-off"),
                            ("provider", "Provider balance"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="royalties.reconciliationitem",
                    ),
                ),
                (
                    "against",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("processor_fee", "Card fees"),
                            ("payout_fee", "Payout costs"),
                            ("dispute_fee", "Dispute fees"),
                            ("bank", "Our bank account"),
                            ("refund_pending", "Owed to readers"),
                            ("bad_debt", "Our loss"),
                        ],
                        max_length=20,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "amount_minor",
                    models.BigIntegerField(
                        help_text="to the contributor's good, or what the provider has more; negative against it"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("declined", "Declined")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="manual",
                        to="royalties.journalentry",
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
                        name="manual_entry_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="manual_entry_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True), name="manual_entry_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("item__isnull", False),
                                ("kind", "provider"),
                                ("user__isnull", True),
                                models.Q(("against", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("kind", "provider"), _negated=True),
                                ("against", ""),
                                ("item__isnull", True),
                                ("user__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="manual_entry_of_a_person_or_an_item",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("item",),
                        name="manual_entry_one_proposal_per_item",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemExplanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanations",
                        to="royalties.reconciliationitem",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(help_text="from 1, within the item")),
                ("reason", models.CharField(max_length=500)),
                ("difference_minor", models.BigIntegerField(help_text="what was explained")),
                (
                    "set_aside_until",
                    models.DateTimeField(help_text="until when it was asked to be set aside", null=True),
                ),
                (
                    "explained_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("explained_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [models.UniqueConstraint(fields=("item", "number"), name="explanation_numbered_once")],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="asd", unique=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="set_asides",
                        to="royalties.reconciliationitem",
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
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(help_text="taken back by a later explanation", null=True)),
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
        migrations.CreateModel(
            name="HandMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="hmt", unique=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_matches",
                        to="royalties.reconciliationitem",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_matches",
                        to="royalties.journalentry",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "amount_minor",
                    models.BigIntegerField(help_text="what the entry moves at the provider: the item's difference"),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "taken_from",
                    models.ForeignKey(
                        help_text="where it stood",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_matches_away",
                        to="royalties.reconciliationitem",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("declined", "Declined")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", models.F("proposed_by")), ("state", "approved"), _negated=True
                        ),
                        name="hand_match_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="hand_match_decided_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"])),
                        fields=("entry", "currency"),
                        name="hand_match_once_per_entry",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("item",),
                        name="hand_match_one_proposal_per_item",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosePreparation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(help_text="YYYY-MM", max_length=7)),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("prepared_at", models.DateTimeField()),
                (
                    "compared",
                    models.ForeignKey(
                        help_text="the comparison it rests on; none where nothing was ever paid through the provider",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.reconciliationrun",
                    ),
                ),
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
                "indexes": [models.Index(fields=["period"], name="close_preparation_period")],
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
                (
                    "opened_entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.journalentry"
                    ),
                ),
                (
                    "outcome_entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
                (
                    "appeal_entry",
                    models.OneToOneField(
                        help_text="won after it had been lost",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
                (
                    "fund_entry",
                    models.OneToOneField(
                        help_text="when the fund covered it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DisputedSale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dispute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sales", to="royalties.saledispute"
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="royalties.salerecord"
                    ),
                ),
                ("paid_minor", models.PositiveBigIntegerField()),
            ],
            options={
                "ordering": ["sale_id"],
                "constraints": [models.UniqueConstraint(fields=("dispute", "sale"), name="disputed_sale_once")],
            },
        ),
        migrations.CreateModel(
            name="DisputeHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "disputed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="royalties.disputedsale"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
                "constraints": [models.UniqueConstraint(fields=("disputed", "user", "kind"), name="dispute_hold_once")],
            },
        ),
        migrations.CreateModel(
            name="PayoutCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rail",
                    models.CharField(choices=[("stripe", "Payment provider"), ("bank", "Bank transfer")], max_length=6),
                ),
                ("currency", models.CharField(max_length=3)),
                ("effective_at", models.DateTimeField()),
                ("per_payout_minor", models.PositiveIntegerField()),
                ("rate_bps", models.PositiveIntegerField()),
                ("per_month_minor", models.PositiveIntegerField(help_text="for each account in a month with a payout")),
                (
                    "free_from_minor",
                    models.PositiveBigIntegerField(help_text="we bear the cost of payouts from this amount on"),
                ),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["rail", "currency", "-effective_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rail", "currency", "effective_at"), name="payout_cost_once_per_moment"
                    ),
                    models.CheckConstraint(condition=models.Q(("rate_bps__lte", 10000)), name="payout_cost_rate_range"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="fxr", unique=True)),
                ("base", models.CharField(max_length=3)),
                ("quote", models.CharField(max_length=3)),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18)),
                ("true_at", models.DateTimeField(help_text="the moment the source gives it for")),
                ("source", models.CharField(max_length=120)),
                (
                    "external_id",
                    models.CharField(blank=True, help_text="the provider's movement it was read from", max_length=120),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("declined", "Declined")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        help_text="none: the provider",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-true_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0), models.Q(("base", models.F("quote")), _negated=True)),
                        name="exchange_rate_makes_sense",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="exchange_rate_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", None), ("state", "proposed")),
                            models.Q(("proposed_by", None), ("state", "approved")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="exchange_rate_decided_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("external_id",),
                        name="exchange_rate_once_from_provider",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayableConversion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payable_conversions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversions",
                        to="royalties.exchangerate",
                    ),
                ),
                ("given_minor", models.PositiveBigIntegerField()),
                ("given_currency", models.CharField(max_length=3)),
                ("received_minor", models.PositiveBigIntegerField()),
                ("received_currency", models.CharField(max_length=3)),
                (
                    "spread_bps",
                    models.PositiveIntegerField(
                        default=0, help_text="of the received amount, borne by the payee's plan"
                    ),
                ),
                ("converted_at", models.DateTimeField()),
                (
                    "payout",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversions",
                        to="royalties.payout",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payable_conversion",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ProviderReference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(help_text="as journal entries have it: an order, a payout", max_length=80),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("payment", "payment"),
                            ("charge", "charge"),
                            ("refund", "refund"),
                            ("dispute", "dispute"),
                            ("transfer", "transfer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("object_id", models.CharField(db_index=True, max_length=120)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("reference", "kind", "object_id"), name="provider_reference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="stm", unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="royalties.closedperiod",
                    ),
                ),
                ("period", models.CharField(help_text="YYYY-MM", max_length=7)),
                ("currency", models.CharField(max_length=3)),
                ("opening_minor", models.BigIntegerField()),
                ("royalties_minor", models.BigIntegerField()),
                ("returns_minor", models.BigIntegerField(help_text="of returns and lost disputes")),
                ("paid_out_minor", models.BigIntegerField()),
                (
                    "other_minor",
                    models.BigIntegerField(default=0, help_text="of all other movements that change what is owed"),
                ),
                ("closing_minor", models.BigIntegerField()),
                ("closing_clearing_minor", models.BigIntegerField()),
                ("closing_payable_minor", models.BigIntegerField()),
                ("closing_in_transit_minor", models.BigIntegerField()),
                ("closing_reserve_minor", models.BigIntegerField(default=0)),
                ("closing_disputed_minor", models.BigIntegerField(default=0)),
                ("closing_owed_minor", models.BigIntegerField(help_text="what the contributor owes")),
                ("sha256", models.CharField(help_text="of the statement's canonical text", max_length=64)),
            ],
            options={
                "ordering": ["-period", "currency"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "period", "currency"), name="statement_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "closing_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("opening_minor"), "+", models.F("royalties_minor")
                                            ),
                                            "-",
                                            models.F("returns_minor"),
                                        ),
                                        "-",
                                        models.F("paid_out_minor"),
                                    ),
                                    "+",
                                    models.F("other_minor"),
                                ),
                            )
                        ),
                        name="statement_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "closing_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    models.F("closing_clearing_minor"),
                                                    "+",
                                                    models.F("closing_payable_minor"),
                                                ),
                                                "+",
                                                models.F("closing_in_transit_minor"),
                                            ),
                                            "+",
                                            models.F("closing_reserve_minor"),
                                        ),
                                        "+",
                                        models.F("closing_disputed_minor"),
                                    ),
                                    "-",
                                    models.F("closing_owed_minor"),
                                ),
                            )
                        ),
                        name="statement_parts_add_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementProof",
            fields=[
                (
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="proof",
                        serialize=False,
                        to="royalties.statement",
                    ),
                ),
                ("file_sha256", models.CharField(max_length=64)),
                (
                    "file_format",
                    models.CharField(help_text="of which the file was first handed out", max_length=40),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StatementMovement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="royalties.statement"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("royalties", "Royalties from sales"),
                            ("returns", "Royalties on returns"),
                            ("lost_disputes", "Royalties on lost disputes"),
                            ("fund_cover", "Covered by the protection fund"),
                            ("won_on_appeal", "Disputes won on appeal"),
                            ("adjustments", "Adjustments"),
                            ("plan_fees", "Plan fees"),
                            ("payout_costs", "Payout costs"),
                            ("converted", "Converted to or from another currency"),
                            ("written_off", "Debt written off"),
                            ("withheld", "Tax withheld"),
                            ("withholding_returned", "Withheld tax refunded"),
                            ("paid_out", "Paid out"),
                            ("payouts_returned", "Returned payouts"),
                            ("transfers_reversed", "Recovered from earlier payouts"),
                            ("cleared", "Cleared and now payable"),
                            ("reserve_kept", "Moved to reserve"),
                            ("reserve_released", "Released from reserve"),
                            ("held_in_dispute", "Held in dispute"),
                            ("back_from_dispute", "Released after won disputes"),
                            ("debt_recovered", "Debt deducted from payable royalties"),
                            ("payout_asked", "Requested as payout"),
                            ("payout_failed", "Returned from failed payouts"),
                        ],
                        max_length=20,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("entries", models.PositiveIntegerField(help_text="journal entries")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("statement", "kind"), name="statement_movement_once")],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="royalties.statement",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "work",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="publishing.work",
                    ),
                ),
                ("title", models.CharField(help_text="as it was called then", max_length=300)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("unit_price_minor", models.PositiveBigIntegerField(help_text="paid for one, tax included")),
                (
                    "terms",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.royaltyterms",
                    ),
                ),
                ("sold", models.PositiveIntegerField()),
                ("returned", models.PositiveIntegerField()),
                (
                    "net_price_minor",
                    models.BigIntegerField(help_text="price without tax, net of returns, of the whole work"),
                ),
                ("processor_fee_minor", models.BigIntegerField()),
                ("platform_fee_minor", models.BigIntegerField()),
                ("royalty_minor", models.BigIntegerField(help_text="this contributor's share, net of returns")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("statement", "position"), name="statement_line_once")],
            },
        ),
        migrations.CreateModel(
            name="MonthTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.ledgeraccount",
                    ),
                ),
                ("entry_kind", models.CharField(max_length=20)),
                ("amount_minor", models.BigIntegerField(help_text="debit positive, credit negative")),
                ("debit_minor", models.BigIntegerField(help_text="its debits alone")),
                (
                    "entries",
                    models.PositiveBigIntegerField(help_text="an entry counts once for each owner and currency"),
                ),
                ("period", models.CharField(help_text="YYYY-MM", max_length=7)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "account", "entry_kind"), name="month_tally_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosedTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.ledgeraccount",
                    ),
                ),
                ("entry_kind", models.CharField(max_length=20)),
                ("amount_minor", models.BigIntegerField(help_text="debit positive, credit negative")),
                ("debit_minor", models.BigIntegerField(help_text="its debits alone")),
                (
                    "entries",
                    models.PositiveBigIntegerField(help_text="an entry counts once for each owner and currency"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "entry_kind"), name="closed_tally_once")],
            },
        ),
        migrations.CreateModel(
            name="ChainMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tallied_position",
                    models.BigIntegerField(default=0, help_text="links up to this one are in the tallies"),
                ),
                ("settled_entry", models.BigIntegerField(default=0, help_text="every entry up to this id is chained")),
            ],
        ),
        migrations.CreateModel(
            name="LedgerCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("since_position", models.BigIntegerField()),
                ("position", models.BigIntegerField()),
                ("chain_hash", models.CharField(blank=True, help_text="of the link at that place", max_length=64)),
                ("audit_position", models.BigIntegerField(default=0, help_text="where the audit log's chain ended")),
                ("audit_hash", models.CharField(blank=True, max_length=64)),
                ("violations", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("since_position", 0)), fields=["-id"], name="ledger_check_whole"),
                    models.Index(fields=["position"], name="ledger_check_position"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="cer", unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tax_certificates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("W-8BEN", "W-8BEN: a person who is not taxed as a resident of the United States"),
                            ("W-8BEN-E", "W-8BEN-E: a company outside the United States"),
                            ("W-9", "W-9: a person or company of the United States"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("country", models.CharField(help_text="of residence for tax", max_length=2)),
                ("claims_treaty", models.BooleanField(default=False)),
                (
                    "has_taxpayer_number",
                    models.BooleanField(default=False, help_text="as stated; the number is not kept here"),
                ),
                ("signature", models.CharField(help_text="typed by the signer", max_length=120)),
                ("signed_on", models.DateField()),
                ("handed_in_at", models.DateTimeField()),
                ("valid_from", models.DateField(help_text="the day it was handed in: nobody relies on it earlier")),
                (
                    "expires_on",
                    models.DateField(help_text="the last day; none for a form that does not expire", null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("handed_in", "Awaiting review"), ("accepted", "Accepted"), ("refused", "Rejected")],
                        default="handed_in",
                        max_length=10,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, help_text="why, as the contributor reads it", max_length=300)),
                (
                    "told_days",
                    models.PositiveSmallIntegerField(help_text="days before expiry of the last reminder", null=True),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "handed_in")), fields=("user",), name="tax_certificate_one_waiting"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on", None), ("expires_on__gt", models.F("signed_on")), _connector="OR"
                        ),
                        name="tax_certificate_expires_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "handed_in")),
                            models.Q(models.Q(("state", "handed_in"), _negated=True), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="tax_certificate_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="tax_certificate_four_eyes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WithholdingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(max_length=2)),
                ("effective_at", models.DateTimeField()),
                ("rate_bps", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("country", "effective_at"), name="withholding_rule_once_per_moment"
                    ),
                    models.CheckConstraint(condition=models.Q(("rate_bps__lte", 3000)), name="withholding_rule_range"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TreatyRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(help_text="of residence", max_length=2)),
                ("effective_on", models.DateField()),
                ("rate_bps", models.PositiveIntegerField()),
                ("article", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("country", "effective_on"), name="treaty_rate_once_per_day"),
                    models.CheckConstraint(condition=models.Q(("rate_bps__lte", 3000)), name="treaty_rate_range"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withholding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "share",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withholding",
                        to="royalties.saleshare",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withholdings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "certificate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withholdings",
                        to="royalties.taxcertificate",
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("currency", models.CharField(max_length=3)),
                ("rate_bps", models.PositiveIntegerField()),
                ("basis_minor", models.PositiveBigIntegerField(help_text="the royalty that became payable")),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("returned_minor", models.PositiveBigIntegerField(default=0, help_text="of the amount, so far")),
                ("withheld_at", models.DateTimeField()),
                ("period", models.CharField(help_text="YYYY-MM, the month it is booked in", max_length=7)),
                (
                    "entry",
                    models.OneToOneField(
                        help_text="none for nothing",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withholding",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "currency", "period"], name="royalties_w_user_id_2b4864_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__lte", models.F("basis_minor"))),
                        name="withholding_within_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("returned_minor__lte", models.F("amount_minor"))),
                        name="withholding_returned_within_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WithholdingReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "withholding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="royalties.withholding"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        help_text="none: late form",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withholding_returns",
                        to="royalties.salerefund",
                    ),
                ),
                (
                    "basis_minor",
                    models.PositiveBigIntegerField(help_text="of the royalty, what went back to the reader"),
                ),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("decided_at", models.DateTimeField()),
                ("period", models.CharField(blank=True, help_text="YYYY-MM, the month it is booked in", max_length=7)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withholding_return",
                        to="royalties.journalentry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("entry", None)), fields=["id"], name="withholding_return_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("withholding", "refund"), name="withholding_return_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="withholding_return_not_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remittance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", common.ids.PublicIdField(editable=False, max_length=40, prefix="rem", unique=True)),
                ("country", models.CharField(max_length=2)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("note", models.CharField(help_text="the deposit's own reference", max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("approved", "Approved"), ("declined", "Declined")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remittance",
                        to="royalties.journalentry",
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
                        name="remittance_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("state", "proposed")),
                            models.Q(models.Q(("state", "proposed"), _negated=True), ("decided_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="remittance_decided_by_somebody",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="remittance_not_zero"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=royalties.models.seal_constraint.SealedBy(column="id", name="entry_sealed"),
        ),
        migrations.RunPython(guard_ledger, unguard_ledger),
        migrations.RunPython(_first_rows.add, migrations.RunPython.noop),
    ]
