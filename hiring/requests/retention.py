"""Personal data that requests hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from hiring.requests.models import Invitation, Proposal, ServiceRequest

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_(
            "What you ask providers for, with a passage of your manuscript; who was asked; proposals of both sides."
        ),
        purpose=_("So that providers who fit are asked, and both sides see what was proposed before they agree."),
        kept=_("As long as the request is open, and a year after. What becomes a contract is kept with the contract."),
        erasure=Erasure.DELETED,
        file="requests_for_services",
        tables=(
            TableRule(
                ServiceRequest,
                of=("client",),
                copied=(
                    "public_id",
                    "kind",
                    "title",
                    "text",
                    "passage",
                    "words",
                    "language",
                    "target",
                    "genre",
                    "budget_minor",
                    "currency",
                    "wanted_on",
                    "state",
                    "opened_at",
                    "closed_at",
                ),
            ),
            TableRule(
                Invitation,
                of=("offer__provider",),
                copied=(
                    "public_id",
                    "request__title",
                    "place",
                    "points",
                    "answer",
                    "asked_at",
                    "answered_at",
                    "earnings_shown_at",
                ),
            ),
            TableRule(
                Proposal,
                of=("author",),
                names=("credit_name",),
                copied=(
                    "public_id",
                    "number",
                    "scope",
                    "revision_rounds",
                    "revision_days",
                    "rights",
                    "ai_use",
                    "credit_name",
                    "currency",
                    "milestones",
                    "share_bps",
                    "share_ends_on",
                    "share_ends_at_minor",
                    "state",
                    "made_at",
                    "contract",
                ),
            ),
        ),
    ),
)
