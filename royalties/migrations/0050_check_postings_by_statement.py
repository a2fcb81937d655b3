"""What is added to the ledger is checked once for each statement, and posted by a function.

Posting of the release before fails between this migration and its own end: it writes entry, postings and seal in one
statement, whose postings the new triggers find sealed. Nothing wrong is written; stop it first (docs/operations.md).
"""

import django.db.models.deletion
from django.db import migrations, models

from royalties import triggers


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0061_sum_whole_amounts"),
    ]

    operations = [
        migrations.RunPython(drop_triggers, install_triggers),
        # The new constraint and index first: an event is never without the one that keeps it from happening twice.
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(fields=("external_id",), name="entry_once_per_event"),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["reference"], name="entry_reference"),
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="external_id",
            field=models.CharField(help_text="the same event twice is one entry", max_length=150),
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="reference",
            field=models.CharField(max_length=80),
        ),
        migrations.RemoveConstraint(
            model_name="posting",
            name="posting_sealed",
        ),
        migrations.AlterField(
            model_name="posting",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="royalties.ledgeraccount",
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="royalties.journalentry",
            ),
        ),
        migrations.RunPython(install_triggers, drop_triggers),
    ]
