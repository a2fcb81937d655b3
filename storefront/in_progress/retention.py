"""The personal data that chapters in progress hold (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.in_progress.models import Showing, ShownChapter

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("The chapters in progress that you show on your page, with your note about them."),
        purpose=_("So that readers can see what you are writing, because you chose to show it."),
        kept=_("Until you stop showing them or delete the book."),
        erasure=Erasure.DELETED,
        file="chapters_in_progress",
        tables=(
            TableRule(
                Showing,
                of=("work__owner",),
                copied=("work__title", "note", "latest", "is_indexed", "is_hidden", "shown_at"),
            ),
            TableRule(
                ShownChapter,
                of=("showing__work__owner",),
                copied=("showing__work__title", "number", "title", "words", "shown_at"),
            ),
        ),
    ),
)
