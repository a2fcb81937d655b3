"""The personal data that the shelf holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.shelf.models import BookChoice, LibraryView

RULES = (
    Rule(
        area=Area.READING,
        holds=_("Which of your books you want to read, read, finished, gave up or hid, and how you like to see them."),
        purpose=_("So that your library is in the order you made. Nobody else sees it, not even the authors."),
        kept=_("As long as you have your account."),
        erasure=Erasure.DELETED,
        file="library",
        tables=(
            TableRule(
                BookChoice,
                of=("user",),
                copied=("work__title", "status", "status_at", "finished_on", "hidden_at"),
            ),
            TableRule(LibraryView, of=("user",), copied=("is_list",)),
        ),
    ),
)
