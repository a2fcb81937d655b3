"""Personal data that this app holds, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from publishing.editing.models import Correction, PageDescription, Picture

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_(
            "Corrections of the text of your books, pictures put into it and descriptions of its pages, and those that "
            "you made or decided on in others’ books."
        ),
        purpose=_("So that they are applied to each new version of the manuscript, and can be undone."),
        kept=_("As long as the book exists."),
        erasure=Erasure.PSEUDONYM,
        left=_("In books that have been on sale or that belong to others: the corrections, without your name."),
        file="publishing",
        tables=(
            TableRule(
                Correction,
                of=("author", "decided_by", "work__owner"),
                copied=(
                    "public_id",
                    "work__public_id",
                    "patch",
                    "decision",
                    "decline_reason",
                    "origin",
                    "made_at",
                    "decided_at",
                ),
            ),
            TableRule(
                Picture,
                of=("uploaded_by", "work__owner"),
                names=("name",),
                copied=("work__public_id", "name", "sha256", "size_bytes", "uploaded_at"),
            ),
            TableRule(
                PageDescription,
                of=("written_by", "work__owner"),
                copied=("work__public_id", "asset", "alt", "is_decorative", "written_at"),
            ),
        ),
    ),
)
