"""Personal data that comments hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from publishing.comments.models import Comment, Thread

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("Your comments on texts in progress, and the words that they are about."),
        purpose=_("So that those who work on a text can talk about it."),
        kept=_("Until you delete them, or as long as the book exists."),
        erasure=Erasure.DELETED,
        left=_("An empty place where others had answered you."),
        file="comments",
        tables=(
            TableRule(
                Thread,
                of=("opened_by", "resolved_by"),
                copied=("public_id", "work__public_id", "chapter", "quote", "opened_at", "resolved_at"),
            ),
            TableRule(
                Comment,
                of=("author",),
                copied=("public_id", "thread__public_id", "body", "written_at", "edited_at"),
            ),
        ),
    ),
)
