"""Hand reading positions over to the reading app, which has a table of its own for them."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_FIELDS = ("user_id", "work_id", "chapter_id", "fraction_bps", "locator", "changed_at")
_AT_ONCE = 1000


def hand_over(apps: Any, _: Any) -> None:
    old, new = apps.get_model("library", "ReadingPosition"), apps.get_model("reading", "ReadingPosition")
    rows = old.objects.values(*_FIELDS).iterator(_AT_ONCE)
    new.objects.bulk_create((new(**row) for row in rows), batch_size=_AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial"), ("reading", "0001_initial")]
    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.DeleteModel("ReadingPosition"),
    ]
