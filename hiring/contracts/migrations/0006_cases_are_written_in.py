"""Files in cases, and their withdrawal: what the milestone was before its case is noted with it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import common.ids

STATES = [
    ("planned", "Not paid yet"),
    ("paying", "Payment page open"),
    ("funded", "Paid, in progress"),
    ("delivered", "Delivered"),
    ("in_revision", "In revision"),
    ("released", "Released after no answer"),
    ("in_case", "In a case"),
    ("to_decide", "Case to be decided"),
    ("decided", "Case decided"),
    ("appealed", "Decision appealed"),
    ("frozen", "Stopped by a bank"),
    ("accepted", "Accepted"),
    ("settled", "Settled"),
    ("returned", "Money returned"),
    ("taken", "Taken back by a bank"),
    ("called_off", "Called off"),
]


def read_from_the_log(apps, schema_editor):
    """Note the state before each case as the log has it, with the full time from the day the case was opened."""
    event = apps.get_model("contracts", "ContractEvent")
    for case in apps.get_model("contracts", "Case").objects.all():
        opened = event.objects.filter(milestone_id=case.milestone_id, act="open_case", at=case.opened_at).first()
        case.state_before = opened.state_before if opened is not None else "delivered"
        case.since_before = case.opened_at
        case.save(update_fields=["state_before", "since_before"])


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_cancellations")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="state_before",
            field=models.CharField(choices=STATES, default="delivered", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="case",
            name="since_before",
            field=models.DateTimeField(help_text="when the milestone had come into that state", null=True),
        ),
        migrations.AddField(model_name="case", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.RunPython(read_from_the_log, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="casestatement", name="body", field=models.TextField(blank=True, max_length=4000)
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(closed_at=F("withdrawn_at"), decided_at=None),
                name="contract_case_withdrawn_undecided",
            ),
        ),
        migrations.AlterField(
            model_name="contractevent",
            name="act",
            field=models.CharField(
                choices=[
                    ("call_off", "calls it off"),
                    ("start_paying", "opens the payment page"),
                    ("close_page", "closes the payment page"),
                    ("pay", "reports the payment"),
                    ("amend", "change the agreement"),
                    ("deliver", "delivers"),
                    ("give_back", "gives the money back"),
                    ("give_back_part", "gives part of the money back"),
                    ("propose_division", "proposes how to divide the money"),
                    ("accept_division", "agree how to divide the money"),
                    ("take_back", "takes the money back"),
                    ("take_back_from_absent", "takes the money back from a provider whose account is closed"),
                    ("return", "returns the money"),
                    ("accept", "accepts"),
                    ("accept_part", "accepts a part"),
                    ("request_revision", "asks for a revision"),
                    ("open_case", "opens a case"),
                    ("accept_by_silence", "accepts, as nobody answered"),
                    ("clear", "ends the clearing"),
                    ("answer", "answers"),
                    ("write_in_case", "writes in the case"),
                    ("withdraw_case", "withdraws the case"),
                    ("end_answering", "ends the time for an answer"),
                    ("decide", "decides in parts"),
                    ("appeal", "appeals"),
                    ("make_final", "makes the decision final"),
                    ("decide_appeal", "decides the appeal"),
                    ("stop", "disputes the payment"),
                    ("end_stop", "ends the dispute in our favour"),
                    ("take", "takes the money"),
                    ("end_account", "ends the work with a deleted account"),
                    ("open", "open"),
                    ("end", "end"),
                ],
                max_length=24,
            ),
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    common.ids.PublicIdField(editable=False, max_length=40, prefix="csf", unique=True),
                ),
                ("file_name", models.CharField(help_text="as its sender named it", max_length=300)),
                ("file", models.CharField(help_text="name in private storage", max_length=300)),
                ("sha256", models.CharField(max_length=64)),
                ("size_bytes", models.PositiveBigIntegerField()),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="contracts.casestatement",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("statement", "sha256"), name="case_file_once")],
            },
        ),
    ]
