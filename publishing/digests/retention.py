"""Personal data that digests hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from publishing.digests.models import Digest

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("When we last emailed you about a text that you work on, and whether you unsubscribed."),
        purpose=_("So that you get one email an hour at most, and none that you do not want."),
        kept=_("As long as the book exists."),
        erasure=Erasure.DELETED,
        file="collaborations",
        tables=(TableRule(Digest, of=("user",), copied=("work__public_id", "told_until", "mailed_at", "stopped_at")),),
    ),
)
