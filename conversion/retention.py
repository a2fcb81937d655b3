"""The personal data that this app holds (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from conversion.models import ConversionJob

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("What we made from your manuscripts: files, remarks, and parts that speed up the next conversion."),
        purpose=_("So that your books can be read and sold."),
        kept=_("As long as the book exists. Parts that have not been used for a month are deleted automatically."),
        erasure=Erasure.DELETED,
        left=_("What readers have bought: they can keep reading it."),
        file="publishing",
        tables=(
            TableRule(
                ConversionJob,
                of=("requested_by",),
                names=("source_name", "cover_name"),
                copied=("public_id", "source_name", "source_sha256", "state", "created_at", "finished_at"),
            ),
        ),
    ),
)
