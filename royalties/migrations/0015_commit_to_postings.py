import django.db.models.deletion
from django.db import migrations, models

from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0014_open_the_provider_from_entries"),
    ]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
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
        migrations.AddField(
            model_name="chainlink",
            name="version",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="of the rules of its hash, see royalties.chain"
            ),
            preserve_default=False,
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
                ("ordinal", models.PositiveBigIntegerField()),
                ("balance_after_minor", models.BigIntegerField(help_text="debit positive, credit negative")),
                ("salt", models.CharField(max_length=32)),
                ("hash", models.CharField(max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="royalties.ledgeraccount"
                    ),
                ),
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
        migrations.RunPython(install_triggers, drop_triggers),
    ]
