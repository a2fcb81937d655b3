"""Carry the one position of each person and book over to the last place of a device: that of the plain pages."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_AT_ONCE = 1000


def carry_over(apps: Any, _: Any) -> None:
    positions = apps.get_model("reading", "ReadingPosition").objects
    devices, places = apps.get_model("reading", "Device").objects, apps.get_model("reading", "LastPlace").objects
    people = positions.order_by("user_id").distinct().values_list("user_id", flat=True)
    seen = {person: positions.filter(user_id=person).latest("changed_at").changed_at for person in people}
    devices.bulk_create(
        (devices.model(user_id=person, key="plain", kind="plain", seen_at=at) for person, at in seen.items()),
        batch_size=_AT_ONCE,
    )
    by_person = dict(devices.filter(key="plain").values_list("user_id", "pk"))
    editions = dict(apps.get_model("publishing", "Edition").objects.values_list("public_id", "pk"))
    rows = positions.iterator(_AT_ONCE)
    places.bulk_create((_place(places.model, row, by_person, editions) for row in rows), batch_size=_AT_ONCE)


def _place(model: Any, row: Any, devices: dict[int, int], editions: dict[str, int]) -> Any:
    """Without a block: where the words are is looked up when the place is next read."""
    locator = row.locator
    cfi = locator.get("cfi", "")
    return model(
        device_id=devices[row.user_id],
        work_id=row.work_id,
        edition_id=editions.get(locator.get("edition", "")),
        page="" if cfi.startswith("epubcfi(") else cfi[:120],
        share_bps=row.fraction_bps,
        words=locator.get("words", "")[:200],
        at=row.changed_at,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reading", "0004_add_typo_reports"),
        ("library", "0002_hand_reading_positions_over"),
        ("publishing", "0002_work_reading_age"),
    ]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
