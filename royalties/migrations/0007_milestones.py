from datetime import UTC, datetime

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from royalties.migrations import _ledger_sqlite

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
# currency: where the lower fee begins, the smallest milestone
_FEES = {"USD": (100_000, 2_000), "EUR": (100_000, 2_000), "GBP": (85_000, 1_700), "JPY": (150_000, 3_000)}
_TABLE = "royalties_statementcontractline"
_KEEP = {
    "sqlite": [
        f"CREATE TRIGGER ledger_keep_{event.lower()}_{_TABLE} BEFORE {event} ON {_TABLE} "
        f"BEGIN SELECT RAISE(ABORT, 'ledger: {_TABLE} is append-only'); END"
        for event in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        f"CREATE TRIGGER ledger_keep_rows BEFORE UPDATE OR DELETE ON {_TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION royalties_refuse_change()",
        f"CREATE TRIGGER ledger_keep_table BEFORE TRUNCATE ON {_TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION royalties_refuse_change()",
    ],
}
_RELEASE = {
    "sqlite": [f"DROP TRIGGER ledger_keep_{event}_{_TABLE}" for event in ("update", "delete")],
    "postgresql": [f"DROP TRIGGER {name} ON {_TABLE}" for name in ("ledger_keep_rows", "ledger_keep_table")],
}


def take_off_triggers(apps, schema_editor):
    """SQLite makes the table of accounts anew, and refuses while a trigger names it."""
    if schema_editor.connection.vendor == "sqlite":
        _run(schema_editor, _ledger_sqlite.REMOVE)


def put_back_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        _run(schema_editor, _ledger_sqlite.CREATE)


def keep_contract_lines(apps, schema_editor):
    _run(schema_editor, _KEEP[schema_editor.connection.vendor])


def release_contract_lines(apps, schema_editor):
    _run(schema_editor, _RELEASE[schema_editor.connection.vendor])


def add_fees(apps, schema_editor):
    """Add the first fee of each currency: 8 %, and 4 % of what a pair releases beyond a sum."""
    rows = apps.get_model("royalties", "ContractFee").objects.using(schema_editor.connection.alias)
    for currency, (lasting_from_minor, smallest_minor) in _FEES.items():
        rows.create(
            currency=currency,
            effective_at=_SINCE,
            fee_bps=800,
            lasting_bps=400,
            lasting_from_minor=lasting_from_minor,
            smallest_minor=smallest_minor,
        )


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0006_mark_what_was_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(take_off_triggers, put_back_triggers),
        migrations.CreateModel(
            name="ContractFee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("effective_at", models.DateTimeField()),
                ("fee_bps", models.PositiveIntegerField()),
                ("lasting_bps", models.PositiveIntegerField()),
                ("lasting_from_minor", models.PositiveBigIntegerField()),
                ("smallest_minor", models.PositiveBigIntegerField(help_text="of one milestone")),
                ("vat_bps", models.PositiveIntegerField(default=0, help_text="in the fee; 0 until it is decided")),
                ("vat_country", models.CharField(blank=True, max_length=2)),
            ],
            options={
                "ordering": ["currency", "-effective_at"],
            },
        ),
        migrations.CreateModel(
            name="MilestoneDispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("external_id", models.CharField(help_text="the provider's", max_length=120, unique=True)),
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
                (
                    "claimed_minor",
                    models.PositiveBigIntegerField(default=0, help_text="of what the provider got, at most"),
                ),
                ("from_held_minor", models.PositiveBigIntegerField(default=0, help_text="lost: of what was held")),
                (
                    "from_unsent_minor",
                    models.PositiveBigIntegerField(default=0, help_text="lost: of what was owed to the client"),
                ),
                ("opened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="MilestoneDisputeHold",
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
            name="MilestoneRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(help_text="mst_…", max_length=80, unique=True)),
                ("contract_reference", models.CharField(db_index=True, help_text="ctr_…", max_length=80)),
                ("title", models.CharField(help_text="as agreed", max_length=300)),
                ("service", models.CharField(max_length=30)),
                ("payer_country", models.CharField(blank=True, help_text="as stated when it was paid", max_length=2)),
                ("payer_is_business", models.BooleanField(default=False)),
                ("payee_country", models.CharField(blank=True, help_text="as stated when it was paid", max_length=2)),
                ("payee_is_business", models.BooleanField(default=False)),
                (
                    "charge_reference",
                    models.CharField(blank=True, db_index=True, help_text="the provider's", max_length=120),
                ),
                ("currency", models.CharField(max_length=3)),
                ("funded_minor", models.PositiveBigIntegerField()),
                ("fee_bps", models.PositiveIntegerField()),
                ("lasting_bps", models.PositiveIntegerField()),
                ("full_minor", models.PositiveBigIntegerField(help_text="of what is released, at the full rate")),
                ("vat_bps", models.PositiveIntegerField(default=0)),
                ("vat_country", models.CharField(blank=True, max_length=2)),
                ("paid_at", models.DateTimeField()),
                (
                    "released_minor",
                    models.PositiveBigIntegerField(default=0, help_text="with our fee in it, less what was taken back"),
                ),
                ("fee_minor", models.PositiveBigIntegerField(default=0, help_text="of what is released, VAT included")),
                ("fee_vat_minor", models.PositiveBigIntegerField(default=0)),
                ("returned_minor", models.PositiveBigIntegerField(default=0)),
                (
                    "sent_minor",
                    models.PositiveBigIntegerField(default=0, help_text="of what was returned, with the client"),
                ),
                (
                    "bank_minor",
                    models.PositiveBigIntegerField(default=0, help_text="of what was returned, taken by the bank"),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="MilestoneSettlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("period", models.CharField(db_index=True, help_text="YYYY-MM", max_length=7)),
                ("gross_minor", models.PositiveBigIntegerField(help_text="with our fee in it")),
                ("fee_minor", models.PositiveBigIntegerField(help_text="VAT included")),
                ("fee_vat_minor", models.PositiveBigIntegerField()),
                ("number", models.PositiveIntegerField(help_text="in its milestone, from 1")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("accepted_in_part", "Accepted in part"),
                            ("silence", "No answer within the time for review"),
                            ("agreed", "Divided by agreement"),
                            ("decided", "Decided in a case"),
                            ("given_back", "Returned by the provider"),
                            ("ended", "Contract ended by both sides"),
                            ("not_delivered", "Not delivered in time"),
                        ],
                        max_length=20,
                    ),
                ),
                ("by_silence", models.BooleanField(default=False)),
                ("returned_minor", models.PositiveBigIntegerField()),
                (
                    "left_minor",
                    models.PositiveBigIntegerField(help_text="the provider's part, after what was taken back"),
                ),
                ("settled_at", models.DateTimeField(help_text="accepted, decided, returned")),
                ("clears_at", models.DateTimeField(help_text="none when nothing was released", null=True)),
                ("held_at", models.DateTimeField(help_text="a case keeps it in clearing", null=True)),
                ("cleared_at", models.DateTimeField(help_text="payable since", null=True)),
            ],
            options={
                "ordering": ["milestone_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="MilestoneTaking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3)),
                ("period", models.CharField(db_index=True, help_text="YYYY-MM", max_length=7)),
                ("gross_minor", models.PositiveBigIntegerField(help_text="with our fee in it")),
                ("fee_minor", models.PositiveBigIntegerField(help_text="VAT included")),
                ("fee_vat_minor", models.PositiveBigIntegerField()),
                ("key", models.CharField(help_text="of the decision, or the dispute: twice is once", max_length=150)),
                ("taken_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(help_text="the dispute was won on appeal", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StatementContractLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("reference", models.CharField(help_text="mst_…", max_length=80)),
                ("contract_reference", models.CharField(help_text="ctr_…", max_length=80)),
                ("title", models.CharField(help_text="as agreed", max_length=300)),
                ("gross_minor", models.BigIntegerField(help_text="released, with our fee in it")),
                ("fee_minor", models.BigIntegerField(help_text="VAT included")),
                ("fee_vat_minor", models.BigIntegerField()),
                ("pay_minor", models.BigIntegerField(help_text="the payee's: gross less the fee")),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="ledgeraccount",
            name="ledger_account_guarded_by_kind",
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(
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
                    ("deferred", "Prepayment received"),
                    ("conversion", "Currency conversion"),
                    ("refund_failed", "Refund returned by the bank"),
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
                    ("withholding_remitted", "Withheld tax paid to the tax authority"),
                    ("milestone_funded", "Milestone paid"),
                    ("milestone_settled", "Milestone settled"),
                    ("milestone_returned", "Milestone returned to the client"),
                    ("milestone_taken", "Taken back after release"),
                    ("milestone_lost", "Milestone lost in a dispute"),
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
                    ("milestone_held", "milestone_held"),
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
            model_name="reserve",
            name="sale",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reserves",
                to="royalties.salerecord",
            ),
        ),
        migrations.AlterField(
            model_name="statementmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("royalties", "Royalties from sales"),
                    ("returns", "Royalties on returns"),
                    ("lost_disputes", "Royalties on lost disputes"),
                    ("contract_pay", "Pay from contracts, less our fee"),
                    ("contract_pay_taken", "Pay from contracts, taken back"),
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
                                "milestone_held",
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
                                    "milestone_held",
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
            model_name="contractfee",
            constraint=models.UniqueConstraint(
                fields=("currency", "effective_at"), name="contract_fee_once_per_moment"
            ),
        ),
        migrations.AddConstraint(
            model_name="contractfee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fee_bps__lte", 10000), ("lasting_bps__lte", models.F("fee_bps")), ("vat_bps__lte", 10000)
                ),
                name="contract_fee_rates_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractfee",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_bps", 0), models.Q(("vat_country", ""), _negated=True), _connector="OR"),
                name="contract_fee_vat_owed_to_somebody",
            ),
        ),
        migrations.AddField(
            model_name="milestonedispute",
            name="appeal_entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="milestonedispute",
            name="fund_entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="milestonedispute",
            name="opened_entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="milestonedispute",
            name="outcome_entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="milestonedisputehold",
            name="dispute",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="royalties.milestonedispute"
            ),
        ),
        migrations.AddField(
            model_name="milestonerecord",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="milestone", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="milestonerecord",
            name="payee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="milestonerecord",
            name="payer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="milestonedispute",
            name="milestone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="royalties.milestonerecord"
            ),
        ),
        migrations.AddField(
            model_name="milestonesettlement",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="settlement", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="milestonesettlement",
            name="milestone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="settlements", to="royalties.milestonerecord"
            ),
        ),
        migrations.AddField(
            model_name="milestonesettlement",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="milestonedisputehold",
            name="settlement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="royalties.milestonesettlement"
            ),
        ),
        migrations.AddField(
            model_name="reserve",
            name="settlement",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reserve",
                to="royalties.milestonesettlement",
            ),
        ),
        migrations.AddConstraint(
            model_name="reserve",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sale__isnull", False), ("settlement", None)),
                    models.Q(("sale", None), ("settlement__isnull", False)),
                    _connector="OR",
                ),
                name="reserve_of_one_thing",
            ),
        ),
        migrations.AddField(
            model_name="milestonetaking",
            name="dispute",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="takings",
                to="royalties.milestonedispute",
            ),
        ),
        migrations.AddField(
            model_name="milestonetaking",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="takings", to="royalties.journalentry"
            ),
        ),
        migrations.AddField(
            model_name="milestonetaking",
            name="settlement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="takings", to="royalties.milestonesettlement"
            ),
        ),
        migrations.AddField(
            model_name="milestonetaking",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="statementcontractline",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contract_lines", to="royalties.statement"
            ),
        ),
        migrations.AddIndex(
            model_name="milestonerecord",
            index=models.Index(fields=["payer", "payee", "currency"], name="milestone_pair"),
        ),
        migrations.AddConstraint(
            model_name="milestonerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("payer", models.F("payee")), _negated=True), name="milestone_between_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "funded_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("released_minor"), "+", models.F("returned_minor")
                        ),
                    )
                ),
                name="milestone_within_funded",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fee_minor__lte", models.F("released_minor")), ("fee_vat_minor__lte", models.F("fee_minor"))
                ),
                name="milestone_fee_within_released",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonerecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "returned_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("sent_minor"), "+", models.F("bank_minor")
                        ),
                    )
                ),
                name="milestone_sent_within_returned",
            ),
        ),
        migrations.AddIndex(
            model_name="milestonesettlement",
            index=models.Index(
                condition=models.Q(("cleared_at", None)), fields=["clears_at"], name="settlement_in_clearing"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonesettlement",
            constraint=models.UniqueConstraint(fields=("milestone", "number"), name="settlement_once"),
        ),
        migrations.AddConstraint(
            model_name="milestonesettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("gross_minor__gt", 0), ("returned_minor__gt", 0), _connector="OR"),
                name="settlement_of_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonesettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "left_minor__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("gross_minor"), "-", models.F("fee_minor")
                        ),
                    )
                ),
                name="settlement_left_within_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonesettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clears_at", None), ("gross_minor", 0)),
                    models.Q(("clears_at__isnull", False), ("gross_minor__gt", 0)),
                    _connector="OR",
                ),
                name="settlement_clears_what_it_releases",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonedisputehold",
            constraint=models.UniqueConstraint(
                fields=("dispute", "settlement", "kind"), name="milestone_dispute_hold_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="milestonetaking",
            constraint=models.UniqueConstraint(fields=("settlement", "key"), name="milestone_taking_once"),
        ),
        migrations.AddConstraint(
            model_name="statementcontractline",
            constraint=models.UniqueConstraint(fields=("statement", "position"), name="statement_contract_line_once"),
        ),
        migrations.AddConstraint(
            model_name="statementcontractline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "pay_minor",
                        django.db.models.expressions.CombinedExpression(
                            models.F("gross_minor"), "-", models.F("fee_minor")
                        ),
                    )
                ),
                name="statement_contract_line_adds_up",
            ),
        ),
        migrations.RunPython(put_back_triggers, take_off_triggers),
        migrations.RunPython(keep_contract_lines, release_contract_lines),
        migrations.RunPython(add_fees, migrations.RunPython.noop),
    ]
