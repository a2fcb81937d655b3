"""Whoever decides a case can ask both sides."""

from django.db import migrations, models

ACTS = [
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
    ("ask_in_case", "asks both sides in the case"),
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
    ("reopen", "reopen"),
]


class Migration(migrations.Migration):
    dependencies = [("contracts", "0008_cases_about_shares")]

    operations = [
        migrations.AlterField(
            model_name="contractevent", name="act", field=models.CharField(choices=ACTS, max_length=24)
        ),
    ]
