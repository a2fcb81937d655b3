"""The personal data this app holds (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.claims.models import Appeal, Claim, ConductNotice, Hold, Mail

_CLAIM = (
    "public_id",
    "work__title",
    "original_title",
    "original_place",
    "authority",
    "holder",
    "words",
    "created_at",
    "state",
    "answer",
    "answer_words",
    "answered_at",
    "evidence",
    "upheld_at",
    "decided_at",
    "outcome",
    "ended_at",
)

_NOTICE = ("public_id", "kind", "made_at", "ends_at", "appeal", "appealed_at", "is_lifted", "appeal_reason")

RULES = (
    Rule(
        area=Area.COMMUNITY,
        holds=_(
            "Claims on words of books that you made or answered, what was held because of them, and warnings about "
            "dismissed ones."
        ),
        purpose=_("So that a person can decide who wrote the words, and the money goes to whom it belongs."),
        kept=_(
            "As long as the book exists; name and address of people without an account until 180 days after the end, "
            "of dismissed claims for a year."
        ),
        erasure=Erasure.PSEUDONYM,
        left=_("That there was a claim, and how it ended, without your name and anything you wrote."),
        file="claims",
        tables=(
            TableRule(
                Claim,
                of=("user", "work__owner"),
                by=("winner",),
                names=("name", "email", "holder"),
                copied=_CLAIM,
            ),
            TableRule(
                Hold,
                of=("claim__work__owner",),
                by=("looked_by",),
                copied=("claim__public_id", "state", "share_bps", "begun_at", "reason", "looked_at", "ended_at"),
            ),
            TableRule(
                Appeal,
                of=("claim__user", "claim__work__owner"),
                copied=("claim__public_id", "side", "words", "made_at"),
            ),
            TableRule(Mail, of=("claim__user",), copied=("claim__public_id", "news", "side", "sent_at")),
            TableRule(
                ConductNotice,
                of=("user",),
                by=("appeal_decided_by",),
                names=("email",),
                copied=_NOTICE,
            ),
        ),
    ),
)
