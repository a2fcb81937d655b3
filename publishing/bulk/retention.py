"""Personal data that bulk edits hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from publishing.bulk.models import BulkEdit, BulkRow

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("What you changed in many books at once: the values before and after."),
        purpose=_("So that you can look at what you changed, and undo it for a day."),
        kept=_("30 days."),
        erasure=Erasure.DELETED,
        file="publishing",
        tables=(
            TableRule(
                BulkEdit, of=("user",), copied=("public_id", "state", "aims", "with_on_sale", "created_at", "ended_at")
            ),
            TableRule(
                BulkRow,
                of=("edit__user",),
                copied=("edit__public_id", "work__public_id", "state", "before", "after", "reason", "notes"),
            ),
        ),
    ),
)
