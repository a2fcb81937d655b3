"""Personal data that reviews of contracts hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from hiring.reviews.models import ContractReview, Reviewer

RULES = (
    Rule(
        area=Area.COMMUNITY,
        holds=_("Reviews that you and the other side of a contract wrote, and the answers."),
        purpose=_("So that others know how it is to work together."),
        kept=_("As long as the other side’s account exists."),
        erasure=Erasure.PSEUDONYM,
        left=_("The stars, without your name; your words only if you want them kept."),
        file="contract_reviews",
        tables=(
            TableRule(
                ContractReview,
                of=("author",),
                by=("about",),
                copied=("public_id", "contract__public_id", "stars", "body", "written_at", "answer", "answered_at"),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("When we asked you for a review of a contract."),
        purpose=_("So that we ask once."),
        kept=_("As long as your account exists."),
        erasure=Erasure.DELETED,
        file="contract_reviews",
        tables=(TableRule(Reviewer, of=("user",), copied=("contract__public_id", "asked_at", "told_at")),),
    ),
)
