"""The plan "Insight" was sold for figures that were never built: its members go to "Share" from now on.

What was sold keeps the terms it was sold under, and what a membership has been stays on record. The plan itself stays
as a row that nobody can choose, because terms of past sales point to it. Going back does not undo the choice.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

from common import clock


def move(apps: Apps, editor: BaseDatabaseSchemaEditor | None) -> None:
    plans = apps.get_model("royalties", "FeePlan")._default_manager
    retired, share = plans.filter(code="insight").first(), plans.filter(code="share").first()
    if retired is None or share is None:
        return
    memberships = apps.get_model("royalties", "PlanMembership")._default_manager.filter(plan=retired)
    now = clock.database_now()
    memberships.filter(starts_at__gte=now).update(plan=share)
    for running in memberships.filter(Q(ends_at=None) | Q(ends_at__gt=now)):
        until, running.ends_at = running.ends_at, now
        running.save(update_fields=["ends_at"])  # first: only one membership of a person may be open
        memberships.model._default_manager.create(
            user_id=running.user_id,
            plan=share,
            currency=running.currency,
            chosen_at=now,
            starts_at=now,
            ends_at=until,
        )
    plans.filter(pk=retired.pk).update(is_offered=False, kind="commission")


class Migration(migrations.Migration):
    dependencies = [("royalties", "0092_say_whose_clock_keys_go_by")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
