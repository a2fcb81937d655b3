"""The personal data that completion holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from insight.completion.models import Consent

RULES = (
    Rule(
        area=Area.READING,
        holds=_("Whether you agreed that your places in books you bought are counted for their authors."),
        purpose=_(
            "So that authors learn where readers stop: figures of at least five readers, rounded to five, once a week."
        ),
        kept=_("As long as you have your account. The figures contain nothing about single readers."),
        erasure=Erasure.DELETED,
        file="reading",
        tables=(TableRule(Consent, of=("user",), copied=("agrees", "asked_at", "decided_at")),),
    ),
)
