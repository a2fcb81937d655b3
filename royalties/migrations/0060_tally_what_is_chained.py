import django.db.models.deletion
from django.db import migrations, models

from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0010_open_prices_and_release_dates"),
        ("royalties", "0081_win_on_appeal_and_keep_list_prices"),
    ]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
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
        migrations.AlterField(
            model_name="statementline",
            name="statement",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="royalties.statement",
            ),
        ),
        migrations.AlterField(
            model_name="statementline",
            name="terms",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="royalties.royaltyterms",
            ),
        ),
        migrations.AlterField(
            model_name="statementline",
            name="work",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="publishing.work",
            ),
        ),
        migrations.CreateModel(
            name="ClosedTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_kind", models.CharField(max_length=20)),
                ("amount_minor", models.BigIntegerField(help_text="debit positive, credit negative")),
                ("debit_minor", models.BigIntegerField(help_text="its debits alone")),
                (
                    "entries",
                    models.PositiveBigIntegerField(help_text="an entry counts once for each owner and currency"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.ledgeraccount",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "entry_kind"), name="closed_tally_once")],
            },
        ),
        migrations.CreateModel(
            name="MonthTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_kind", models.CharField(max_length=20)),
                ("amount_minor", models.BigIntegerField(help_text="debit positive, credit negative")),
                ("debit_minor", models.BigIntegerField(help_text="its debits alone")),
                (
                    "entries",
                    models.PositiveBigIntegerField(help_text="an entry counts once for each owner and currency"),
                ),
                ("period", models.CharField(help_text="YYYY-MM", max_length=7)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="royalties.ledgeraccount",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "account", "entry_kind"), name="month_tally_once")
                ],
            },
        ),
        migrations.RunPython(install_triggers, drop_triggers),
    ]
