"""The personal data this app holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.reading.models import ReadingPosition

RULES = (
    Rule(
        area=Area.READING,
        holds=_("Where you stopped reading. Nobody else sees it, not even the author."),
        purpose=_("So that you can continue where you stopped, on any device."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="reading",
        tables=(
            TableRule(
                ReadingPosition,
                of=("user",),
                copied=("work__title", "chapter_id", "fraction_bps", "locator", "changed_at"),
            ),
        ),
    ),
)
