"""Entries of before get a salt of their own: the column came with the same one for all."""

import secrets

from django.db import migrations

_BATCH = 1000


def salt(apps, schema_editor):
    entries = apps.get_model("accounts", "AuditEntry").objects.order_by("pk")
    last = 0
    while batch := list(entries.filter(pk__gt=last).only("pk")[:_BATCH]):
        for entry in batch:
            entry.salt = secrets.token_hex(16)
        entries.bulk_update(batch, ["salt"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_chain_audit_entries")]

    operations = [migrations.RunPython(salt, migrations.RunPython.noop)]
