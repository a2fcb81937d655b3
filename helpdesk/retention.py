"""Retention rules for this app's personal data (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from helpdesk.models import ContactRequest

RULES = (
    Rule(
        area=Area.ACCOUNT,
        holds=_("What you asked us with the contact form, the email address for our answer, and the answer."),
        purpose=_("So that we can answer you, and know what we said if you ask again."),
        kept=_("Two years after we close the request."),
        erasure=Erasure.DELETED,
        file="contact",
        tables=(
            TableRule(
                ContactRequest,
                of=("user",),
                by=("closed_by",),
                names=("email",),
                copied=("public_id", "email", "topic", "named_order", "body", "created_at", "answer", "closed_at"),
            ),
        ),
    ),
)
