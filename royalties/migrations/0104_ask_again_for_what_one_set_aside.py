"""What one person had set aside, and is not over, waits for a second person; until then it counts as open."""

from django.db import migrations
from django.db.models import F


def ask_again(apps, schema_editor):
    Item = apps.get_model("royalties", "ReconciliationItem")
    SetAside = apps.get_model("royalties", "SetAside")
    aside = Item.objects.filter(
        set_aside_until__isnull=False,
        set_aside_minor=F("provider_minor") - F("ledger_minor"),
        state__in=["differs", "missing_here", "missing_there"],
    )
    for item in aside.iterator():
        explanation = item.explanations.order_by("-number").first()
        if explanation is None or explanation.set_aside_until is None:
            continue
        SetAside.objects.create(
            item=item,
            explanation=explanation,
            until=explanation.set_aside_until,
            difference_minor=explanation.difference_minor,
            proposed_by_id=explanation.explained_by_id,
            proposed_at=explanation.explained_at,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0103_set_items_aside_by_two"),
    ]

    operations = [
        migrations.RunPython(ask_again, migrations.RunPython.noop),
    ]
