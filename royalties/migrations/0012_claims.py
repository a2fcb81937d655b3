import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from royalties.migrations import _ledger_sqlite


def take_off_triggers(apps, schema_editor):
    """SQLite makes the tables of accounts and statements anew, and refuses while a trigger names them."""
    if schema_editor.connection.vendor == "sqlite":
        _run(schema_editor, _ledger_sqlite.REMOVE)


def put_back_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        _run(schema_editor, _ledger_sqlite.CREATE)


def _run(schema_editor, statements):
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0018_house_defaults"),
        ("royalties", "0011_card_fee_of_cancelled"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(take_off_triggers, put_back_triggers),
        migrations.CreateModel(
            name="ClaimedShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claim", models.CharField(db_index=True, help_text="its public id", max_length=40)),
                (
                    "share_bps",
                    models.PositiveIntegerField(
                        help_text="of each contributor's earnings, whether they clear now or later"
                    ),
                ),
                ("held_from", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("upheld", "Upheld"), ("dismissed", "Dismissed")], max_length=10
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ClaimHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_bps", models.PositiveIntegerField(help_text="what earlier claims hold of the share")),
                ("share_bps", models.PositiveIntegerField(help_text="as it was when the sale cleared")),
                ("kept_minor", models.PositiveBigIntegerField()),
                (
                    "beyond_minor",
                    models.PositiveBigIntegerField(
                        default=0,
                        help_text="of the claimed share, what was withheld as tax instead: kept, too, once that comes back",
                    ),
                ),
                ("left_minor", models.PositiveBigIntegerField(help_text="held now")),
                (
                    "disputed_minor",
                    models.PositiveBigIntegerField(default=0, help_text="held for an open dispute instead"),
                ),
                ("returned_minor", models.PositiveBigIntegerField(default=0, help_text="back to the reader")),
                ("released_minor", models.PositiveBigIntegerField(default=0, help_text="back to the contributor")),
                (
                    "paid_minor",
                    models.PositiveBigIntegerField(default=0, help_text="to the winner, or to `unclaimed` without one"),
                ),
                (
                    "taken_minor",
                    models.PositiveBigIntegerField(default=0, help_text="of what was paid, taken back with a return"),
                ),
                (
                    "fee_minor",
                    models.PositiveBigIntegerField(default=0, help_text="of our fee, moved to the protection fund"),
                ),
                (
                    "fee_taken_minor",
                    models.PositiveBigIntegerField(default=0, help_text="of that, moved back with a return"),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ClaimTaking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("fee_minor", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="ledgeraccount",
            name="ledger_account_guarded_by_kind",
        ),
        migrations.RemoveConstraint(
            model_name="statement",
            name="statement_parts_add_up",
        ),
        migrations.AddField(
            model_name="statement",
            name="closing_claimed_minor",
            field=models.BigIntegerField(db_default=0, default=0, help_text="held for claims"),
        ),
        migrations.AlterField(
            model_name="disputehold",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contributor_clearing", "contributor_clearing"),
                    ("contributor_payable", "contributor_payable"),
                    ("contributor_in_transit", "contributor_in_transit"),
                    ("contributor_disputed", "contributor_disputed"),
                    ("contributor_reserve", "contributor_reserve"),
                    ("contributor_claimed", "contributor_claimed"),
                    ("contributor_receivable", "contributor_receivable"),
                ],
                max_length=30,
            ),
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
                    ("claim_kept", "Held for a claim"),
                    ("claim_released", "Released after a claim"),
                    ("claim_decided", "Claim upheld"),
                    ("claim_taken", "Taken back after an upheld claim"),
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
                    ("milestone_fee_kept", "Card fee of a cancelled milestone"),
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
                    ("contributor_claimed", "contributor_claimed"),
                    ("tax", "tax"),
                    ("withholding", "withholding"),
                    ("deferred", "deferred"),
                    ("milestone_held", "milestone_held"),
                    ("refund_pending", "refund_pending"),
                    ("protection_fund", "protection_fund"),
                    ("unclaimed", "unclaimed"),
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
            model_name="milestonedisputehold",
            name="kind",
            field=models.CharField(
                choices=[
                    ("contributor_clearing", "contributor_clearing"),
                    ("contributor_payable", "contributor_payable"),
                    ("contributor_in_transit", "contributor_in_transit"),
                    ("contributor_disputed", "contributor_disputed"),
                    ("contributor_reserve", "contributor_reserve"),
                    ("contributor_claimed", "contributor_claimed"),
                    ("contributor_receivable", "contributor_receivable"),
                ],
                max_length=30,
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
                    ("claims_upheld", "Upheld claims"),
                    ("claims_taken", "Upheld claims, on returns"),
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
                    ("claim_kept", "Held for claims"),
                    ("claim_released", "Released after claims"),
                    ("held_in_dispute", "Held in dispute"),
                    ("back_from_dispute", "Released after won disputes"),
                    ("debt_recovered", "Debt deducted from payable royalties"),
                    ("payout_asked", "Requested as payout"),
                    ("payout_failed", "Returned from failed payouts"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="withholding",
            name="share",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="withholdings", to="royalties.saleshare"
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
                                "contributor_claimed",
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
                                "unclaimed",
                                "withholding",
                            ],
                        ),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                [
                                    "contributor_claimed",
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
                                    "unclaimed",
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
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "closing_minor",
                        django.db.models.expressions.CombinedExpression(
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
                                "+",
                                models.F("closing_claimed_minor"),
                            ),
                            "-",
                            models.F("closing_owed_minor"),
                        ),
                    )
                ),
                name="statement_parts_add_up",
            ),
        ),
        migrations.AddField(
            model_name="claimedshare",
            name="winner",
            field=models.ForeignKey(
                help_text="of an upheld claim; none: not known yet",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims_won",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claimedshare",
            name="work",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claimed_shares", to="publishing.work"
            ),
        ),
        migrations.AddField(
            model_name="claimhold",
            name="claimed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="royalties.claimedshare"
            ),
        ),
        migrations.AddField(
            model_name="claimhold",
            name="entry",
            field=models.ForeignKey(
                help_text="of the decision",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claim_holds",
                to="royalties.journalentry",
            ),
        ),
        migrations.AddField(
            model_name="claimhold",
            name="payee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="claimhold",
            name="share",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claim_holds", to="royalties.saleshare"
            ),
        ),
        migrations.AddField(
            model_name="withholding",
            name="claim_hold",
            field=models.OneToOneField(
                help_text="when part of the share went to the winner of a claim: withheld from them",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withholding",
                to="royalties.claimhold",
            ),
        ),
        migrations.AddConstraint(
            model_name="withholding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("claim_hold", None)), fields=("share",), name="withholding_once_per_share"
            ),
        ),
        migrations.AddField(
            model_name="claimtaking",
            name="entry",
            field=models.OneToOneField(
                help_text="none: nothing moved",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claim_taking",
                to="royalties.journalentry",
            ),
        ),
        migrations.AddField(
            model_name="claimtaking",
            name="hold",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="takings", to="royalties.claimhold"
            ),
        ),
        migrations.AddField(
            model_name="claimtaking",
            name="refund",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claim_takings", to="royalties.salerefund"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimedshare",
            constraint=models.UniqueConstraint(fields=("claim", "work"), name="claimed_share_once"),
        ),
        migrations.AddConstraint(
            model_name="claimedshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("share_bps__gte", 1), ("share_bps__lte", 10000)), name="claimed_share_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimedshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("outcome", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="claimed_share_ends_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimedshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("winner", None), ("outcome", "upheld"), _connector="OR"),
                name="claimed_share_winner_of_upheld",
            ),
        ),
        migrations.AddIndex(
            model_name="claimhold",
            index=models.Index(condition=models.Q(("decided_at", None)), fields=["claimed"], name="claim_hold_waiting"),
        ),
        migrations.AddConstraint(
            model_name="claimhold",
            constraint=models.UniqueConstraint(fields=("claimed", "share"), name="claim_hold_once"),
        ),
        migrations.AddConstraint(
            model_name="claimhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kept_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("left_minor"), "+", models.F("disputed_minor")
                                    ),
                                    "+",
                                    models.F("returned_minor"),
                                ),
                                "+",
                                models.F("released_minor"),
                            ),
                            "+",
                            models.F("paid_minor"),
                        ),
                    )
                ),
                name="claim_hold_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_minor__lte", models.F("paid_minor"))), name="claim_hold_taken_within_paid"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee_taken_minor__lte", models.F("fee_minor"))),
                name="claim_hold_fee_taken_within_fee",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_at", None), models.Q(("disputed_minor", 0), ("left_minor", 0)), _connector="OR"
                ),
                name="claim_hold_decided_is_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimtaking",
            constraint=models.UniqueConstraint(fields=("hold", "refund"), name="claim_taking_once"),
        ),
        migrations.RunPython(put_back_triggers, take_off_triggers),
    ]
