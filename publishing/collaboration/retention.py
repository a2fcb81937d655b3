"""Personal data that collaboration holds, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from publishing.collaboration.models import Collaborator

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("Whom you invited to work on the text of your books, and on whose books you work, in which role."),
        purpose=_("So that only people whom the owner invited see a text in progress."),
        kept=_(
            "The address of an invited person until they answer, but no longer than 14 days. A collaboration as long "
            "as it lasts, and 90 days after its end."
        ),
        erasure=Erasure.DELETED,
        file="collaborations",
        tables=(
            TableRule(
                Collaborator,
                of=("user", "work__owner"),
                names=("invited_email",),
                copied=(
                    "public_id",
                    "work__public_id",
                    "work__title",
                    "role",
                    "may_publish",
                    "invited_at",
                    "accepted_at",
                    "ended_at",
                    "ending",
                ),
            ),
        ),
    ),
)
