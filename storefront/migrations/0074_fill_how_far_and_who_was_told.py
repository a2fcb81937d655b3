"""How far each book was read, as far as its last position tells; and nobody is told of what is long over.

Apart from the columns, so that nobody waits for their locks meanwhile, and a thousand at a time. It can be run again:
what has a value keeps it, and how far only rises.
"""

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Subquery

_CHUNK = 1000


def fill(apps, schema_editor):
    rows = {
        name: apps.get_model("storefront", name).objects.using(schema_editor.connection.alias)
        for name in ("Entitlement", "ReadingPosition", "Dispute", "Gift", "Preorder", "Refund", "Order")
    }
    _fill_how_far(rows["Entitlement"], rows["ReadingPosition"])
    for found, values in (
        (rows["Dispute"].filter(decided_at__isnull=False, told_at=None), {"told_at": F("decided_at")}),
        (rows["Preorder"].filter(canceled_at__isnull=False, mailed_at=None), {"mailed_at": F("canceled_at")}),
        (rows["Refund"].filter(state="failed", mailed_at=None), {"mailed_at": F("finished_at")}),
        (
            rows["Order"].filter(state="quarantined", quarantine_told_at=None),
            {"quarantine_told_at": F("created_at")},
        ),
    ):
        for some in _chunks(found):
            some.update(**values)
    ended = rows["Entitlement"].filter(line=OuterRef("line"), ended_at__isnull=False).order_by("pk")
    opened = rows["Gift"].filter(redeemed_at__isnull=False, end_told_at=None)
    for some in _chunks(opened.filter(Exists(ended))):
        some.update(end_told_at=Subquery(ended.values("ended_at")[:1]))


def _fill_how_far(entitlements, positions):
    of_book = positions.filter(user=OuterRef("user"), work=OuterRef("work")).order_by("-fraction_bps")
    further = of_book.filter(fraction_bps__gt=OuterRef("furthest_bps"))
    for some in _chunks(entitlements.filter(Exists(further), ended_at=None)):
        some.update(furthest_bps=Subquery(of_book.values("fraction_bps")[:1]))


def _chunks(found):
    """By primary key; each is looked at again while it is written, for the shop is open."""
    last = 0
    while keys := list(found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]):
        last = keys[-1]
        yield found.filter(pk__in=keys)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("storefront", "0073_forget_what_the_release_before_read")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, atomic=False)]
