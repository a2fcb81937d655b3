"""Personal data that figures hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from insight.figures.models import LastLook, OwnerDay

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_(
            "How often your books were looked at, sampled, bought and returned on each day, and when you last "
            "looked at your dashboard."
        ),
        purpose=_("To show you how your books do, and what is new since your last visit."),
        kept=_("As long as you have an account. The figures contain nothing about readers."),
        erasure=Erasure.DELETED,
        file="figures",
        tables=(
            TableRule(
                OwnerDay,
                of=("owner",),
                copied=("day", "views", "visitors", "samples", "carts", "sales", "free_copies", "returns", "left_out"),
            ),
            TableRule(LastLook, of=("user",), copied=("at", "before")),
        ),
    ),
)
